using System.Text.Json.Serialization;
using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts;

/// <summary>What a training job was given. A field the producer does not know is null.</summary>
public sealed record ResourceAllocation
{
    /// <summary>CPU cores, in fractions of a core; never negative.</summary>
    [JsonConverter(typeof(NonNegativeFloatConverter))]
    public double? CpuCores { get; init; }

    /// <summary>Memory, in bytes.</summary>
    public ulong? MemoryBytes { get; init; }

    /// <summary>The kind of GPU, such as <c>A100</c>.</summary>
    public string? GpuType { get; init; }

    /// <summary>How many GPUs.</summary>
    public uint? GpuCount { get; init; }

    /// <summary>Disk space, in bytes.</summary>
    public ulong? StorageBytes { get; init; }

    /// <summary>The priority of the job; a higher number goes first.</summary>
    public uint? Priority { get; init; }

    /// <summary>The group of machines it runs on.</summary>
    public string? NodePool { get; init; }
}

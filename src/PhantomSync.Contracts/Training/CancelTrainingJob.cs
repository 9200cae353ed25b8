using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A running training job is to be cancelled.</summary>
public sealed record CancelTrainingJob : ISyncEvent
{
    /// <summary>The job, unique within the tenant.</summary>
    public required string JobId { get; init; }

    /// <summary>The model that the job trains.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>Which attempt of the job is meant, from 1; null for whichever runs.</summary>
    public uint? Attempt { get; init; }

    /// <summary>What it comes of: one of <see cref="CancellationCause"/>.</summary>
    public required string Cause { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The user or service that wants it.</summary>
    public required string RequestedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

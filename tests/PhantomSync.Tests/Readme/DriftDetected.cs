using System.Text.Json.Serialization;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Readme;

/// <summary>An event of a user's own, as the README adds it.</summary>
public sealed record DriftDetected : ISyncEvent
{
    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public required double Score { get; init; }

    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

[JsonSerializable(typeof(DriftDetected))]
internal sealed partial class MonitoringJson : JsonSerializerContext;

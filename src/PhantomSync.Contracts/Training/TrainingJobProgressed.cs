using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A training job is alive. May be lost: only the last one counts.</summary>
public sealed record TrainingJobProgressed : ISyncEvent
{
    /// <summary>The job, unique within the tenant.</summary>
    public required string JobId { get; init; }

    /// <summary>The model that the job trains.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>How much of it is done, from 0 to 1; must be finite.</summary>
    public required double Progress { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

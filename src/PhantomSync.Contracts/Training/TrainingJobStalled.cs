using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>Nothing has been heard of a running training job for too long.</summary>
public sealed record TrainingJobStalled : ISyncEvent
{
    /// <summary>The job, unique within the tenant.</summary>
    public required string JobId { get; init; }

    /// <summary>The model that the job trains.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>When it was last heard of.</summary>
    public required Timestamp LastNewsAt { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

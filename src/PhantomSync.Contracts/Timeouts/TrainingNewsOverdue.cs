using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A reminder to itself: a training job should have been heard of by now.</summary>
public sealed record TrainingNewsOverdue : ISyncEvent
{
    /// <summary>The job, unique within the tenant.</summary>
    public required string JobId { get; init; }

    /// <summary>The model that the job trains.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A training job was cancelled before it ended.</summary>
public sealed record TrainingJobCancelled : ISyncEvent
{
    /// <summary>The job, unique within the tenant.</summary>
    public required string JobId { get; init; }

    /// <summary>The model that the job trains.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>What it comes of: one of <see cref="CancellationCause"/>.</summary>
    public required string Cause { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The user or service that wanted it.</summary>
    public required string CancelledBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

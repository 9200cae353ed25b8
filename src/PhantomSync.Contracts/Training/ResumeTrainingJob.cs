using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>
/// A training job that waits because its tenant was suspended is to go on: that suspension is over. No <see cref="PauseTrainingJob"/> of
/// it, or of one before, counts after this.
/// </summary>
public sealed record ResumeTrainingJob : ISyncEvent
{
    /// <summary>The job, unique within the tenant.</summary>
    public required string JobId { get; init; }

    /// <summary>The model that the job trains.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The suspension, counted per tenant from 1.</summary>
    public required uint Suspension { get; init; }

    /// <summary>The user or service that wants it.</summary>
    public required string RequestedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

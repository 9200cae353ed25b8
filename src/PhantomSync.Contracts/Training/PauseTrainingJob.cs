using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>
/// A running training job is to wait while its tenant is suspended. It may come several times, and late: one that is not ahead of
/// what a job has heard, by <see cref="Suspension"/>, counts for nothing.
/// </summary>
public sealed record PauseTrainingJob : ISyncEvent
{
    /// <summary>The job, unique within the tenant.</summary>
    public required string JobId { get; init; }

    /// <summary>The model that the job trains.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The suspension, counted per tenant from 1.</summary>
    public required uint Suspension { get; init; }

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

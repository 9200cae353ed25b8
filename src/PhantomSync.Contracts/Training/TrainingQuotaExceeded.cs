using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A job was started although the tenant's quota was used up. It runs: to stop it is a decision of its own.</summary>
public sealed record TrainingQuotaExceeded : ISyncEvent
{
    /// <summary>The job that was one too many, unique within the tenant.</summary>
    public required string JobId { get; init; }

    /// <summary>The model that the job trains.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The quota, by its name in <see cref="ResourceQuotas"/> on the wire, such as <c>max_concurrent_jobs</c>.</summary>
    public required string Quota { get; init; }

    /// <summary>How much the tenant may use.</summary>
    public required ulong Limit { get; init; }

    /// <summary>How much it uses now, this job included.</summary>
    public required ulong Used { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

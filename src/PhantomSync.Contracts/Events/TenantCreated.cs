using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A tenant exists from now on.</summary>
public sealed record TenantCreated : ISyncEvent
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The name people see.</summary>
    public required string TenantName { get; init; }

    /// <summary>What the tenant subscribed to.</summary>
    public required string SubscriptionTier { get; init; }

    /// <summary>How much the tenant may use.</summary>
    public required ResourceQuotas ResourceQuotas { get; init; }

    /// <summary>The user or service that created it.</summary>
    public required string CreatedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

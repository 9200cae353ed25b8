using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>Every service has stopped what it does for a suspended tenant.</summary>
public sealed record TenantSuspensionCompleted : ISyncEvent
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The suspension, counted per tenant from 1.</summary>
    public required uint Suspension { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

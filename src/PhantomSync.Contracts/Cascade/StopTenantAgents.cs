using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A suspended tenant's agents are to be stopped.</summary>
public sealed record StopTenantAgents : ITenantCommand
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <inheritdoc/>
    public required uint Suspension { get; init; }

    /// <inheritdoc/>
    public required uint Attempt { get; init; }

    /// <summary>Why the tenant was suspended, in words.</summary>
    public required string Reason { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

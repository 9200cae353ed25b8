using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>The model registry is to disable a suspended tenant's models.</summary>
public sealed record DisableTenantModels : ITenantCommand
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

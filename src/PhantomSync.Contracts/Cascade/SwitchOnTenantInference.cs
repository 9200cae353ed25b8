using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>What was switched on for inference before the suspension is to be switched on again.</summary>
public sealed record SwitchOnTenantInference : ITenantCommand
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <inheritdoc/>
    public required uint Suspension { get; init; }

    /// <inheritdoc/>
    public required uint Attempt { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

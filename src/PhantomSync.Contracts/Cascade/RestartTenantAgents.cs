using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>The agents that ran before the suspension are to run again.</summary>
public sealed record RestartTenantAgents : ITenantCommand
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

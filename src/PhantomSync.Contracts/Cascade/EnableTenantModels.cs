using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>The model registry is to give a tenant its models back as they were.</summary>
public sealed record EnableTenantModels : ITenantCommand
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

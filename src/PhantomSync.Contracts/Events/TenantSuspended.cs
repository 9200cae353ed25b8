using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A tenant must stop until further notice.</summary>
public sealed record TenantSuspended : ISyncEvent
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>Why, in words.</summary>
    public required string SuspensionReason { get; init; }

    /// <summary>The user or service that suspended it.</summary>
    public required string SuspendedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A model is gone; what arrives for it later does not bring it back.</summary>
public sealed record ModelDeleted : ISyncEvent
{
    /// <summary>The model, unique within the tenant.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>Why it was deleted, in words.</summary>
    public required string DeletionReason { get; init; }

    /// <summary>The user or service that deleted it.</summary>
    public required string DeletedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

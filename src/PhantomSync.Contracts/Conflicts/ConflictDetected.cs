using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Conflicts;

/// <summary>Changes that had not seen each other set the same field of a resource to different values.</summary>
public sealed record ConflictDetected : ISyncEvent
{
    /// <summary>The conflict; the same changes always make the same one.</summary>
    public required Guid ConflictId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The kind of resource, such as <c>ML_MODEL</c>.</summary>
    public required string ResourceType { get; init; }

    /// <summary>The resource, unique within tenant and kind.</summary>
    public required string ResourceId { get; init; }

    /// <summary>The fields that are in dispute, in ordinal order.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>The changes, the earliest first.</summary>
    public required IReadOnlyList<ContendingChange> Changes { get; init; }

    /// <summary>The strategy that decides, such as <c>LastWriteWins</c>; <c>ManualResolution</c> where a person must.</summary>
    public required string Strategy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts.Conflicts;

/// <summary>A conflict is over, and the resource is what <see cref="Resolution"/> says.</summary>
public sealed record ConflictResolved : ISyncEvent
{
    /// <summary>The conflict.</summary>
    public required Guid ConflictId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The kind of resource, such as <c>ML_MODEL</c>.</summary>
    public required string ResourceType { get; init; }

    /// <summary>The resource, unique within tenant and kind.</summary>
    public required string ResourceId { get; init; }

    /// <summary>What decided, such as <c>LastWriteWins</c>, <c>BusinessRule:TrainingServicePriority</c> or <c>ManualResolution</c>.</summary>
    public required string Strategy { get; init; }

    /// <summary>The change that won; null where the values come from several or from none of them.</summary>
    public required string? WinningChange { get; init; }

    /// <summary>The fields that were in dispute with the values they have now; empty where the dispute became void.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Resolution { get; init => field = JsonMap.From(value); }

    /// <summary>Who resolved it: a person, or <c>system:</c> and what did.</summary>
    public required string ResolvedBy { get; init; }

    /// <summary>Why it was resolved like this.</summary>
    public required string Reason { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

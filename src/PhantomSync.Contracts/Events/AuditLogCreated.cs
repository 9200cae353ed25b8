using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts;

/// <summary>Another service reports something worth auditing.</summary>
public sealed record AuditLogCreated : ISyncEvent
{
    /// <summary>The entry, unique within the tenant.</summary>
    public required string LogId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>Who acted.</summary>
    public required string UserId { get; init; }

    /// <summary>What was done.</summary>
    public required string Action { get; init; }

    /// <summary>The kind of thing it was done to.</summary>
    public required string ResourceType { get; init; }

    /// <summary>The thing it was done to, unique within tenant and kind.</summary>
    public required string ResourceId { get; init; }

    /// <summary>How it ended, such as <c>success</c>.</summary>
    public required string Result { get; init; }

    /// <summary>When it was done.</summary>
    public required Timestamp Timestamp { get; init; }

    /// <summary>What else is worth keeping, such as the reason; null where there is nothing, and then not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Details { get; init => field = value is null ? null : JsonMap.From(value); }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

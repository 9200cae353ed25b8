using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts;

/// <summary>The settings of a tenant changed.</summary>
public sealed record TenantUpdated : ISyncEvent
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The changed settings with their new values; JSON null means "set to null".</summary>
    public required IReadOnlyDictionary<string, JsonElement> Changes { get; init => field = JsonMap.From(value); }

    /// <summary>The user or service that made the change.</summary>
    public required string UpdatedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

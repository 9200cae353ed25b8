using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts;

/// <summary>A model went from one version to another.</summary>
public sealed record ModelUpdated : ISyncEvent
{
    /// <summary>The model, unique within the tenant.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The version the change was made to; a reader that holds another one has a conflict or a gap.</summary>
    public required string PreviousVersion { get; init; }

    /// <summary>The version after the change.</summary>
    public required string NewVersion { get; init; }

    /// <summary>The changed attributes with their new values; JSON null means "set to null".</summary>
    public required IReadOnlyDictionary<string, JsonElement> Changes { get; init => field = JsonMap.From(value); }

    /// <summary>The user or service that made the change.</summary>
    public required string UpdatedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A model exists from now on.</summary>
public sealed record ModelCreated : ISyncEvent
{
    /// <summary>The model, unique within the tenant.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The name people see.</summary>
    public required string Name { get; init; }

    /// <summary>The family of the model, such as <c>classification</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>The algorithm it is trained with.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The user or service that created it.</summary>
    public required string CreatedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A batch of predictions was served.</summary>
public sealed record BatchInferenceCompleted : ISyncEvent
{
    /// <summary>The batch, unique within the tenant.</summary>
    public required string BatchId { get; init; }

    /// <summary>The model, unique within the tenant.</summary>
    public required string ModelId { get; init; }

    /// <summary>The version of the model that answered.</summary>
    public required string Version { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>How many predictions the batch holds; zero is allowed.</summary>
    public required ulong TotalPredictions { get; init; }

    /// <summary>The mean confidence of the batch, from 0 to 1; must be finite.</summary>
    public required double AverageConfidence { get; init; }

    /// <summary>How long the whole batch took, in milliseconds.</summary>
    public required ulong TotalTimeMs { get; init; }

    /// <summary>Where the results lie, usually a URI.</summary>
    public required string ResultsLocation { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

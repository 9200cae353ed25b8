using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;
using PhantomSync.Contracts.Wire.Converters;

namespace PhantomSync.Contracts;

/// <summary>A training job ended well; its result becomes a model version.</summary>
public sealed record TrainingJobCompleted : ISyncEvent
{
    /// <summary>The job, unique within the tenant.</summary>
    public required string JobId { get; init; }

    /// <summary>The model, unique within the tenant.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The metrics of the trained model by name; a value may be NaN or infinite.</summary>
    [JsonConverter(typeof(MetricMapConverter))]
    public required IReadOnlyDictionary<string, double> FinalMetrics { get; init => field = MetricMap.From(value); }

    /// <summary>The metrics that arrived as JSON null: they have no value and are not in the map.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> AbsentMetrics => MetricMap.From(FinalMetrics).Absent;

    [JsonInclude, JsonPropertyName("non_finite_metrics"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal NonFiniteMetrics? NonFinite
    {
        get => NonFiniteMetrics.In(FinalMetrics);
        init => FinalMetrics = MetricMap.From(FinalMetrics).With(value);
    }

    /// <summary>Where the trained artifacts lie, usually a URI.</summary>
    public required string ArtifactsLocation { get; init; }

    /// <summary>How long the training took, in milliseconds.</summary>
    public required ulong TrainingDurationMs { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;
using PhantomSync.Contracts.Wire.Converters;

namespace PhantomSync.Contracts;

/// <summary>A service reports its metrics.</summary>
public sealed record PerformanceMetricsUpdated : ISyncEvent
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The service that was measured.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The measured values by name; a value may be NaN or infinite.</summary>
    [JsonConverter(typeof(MetricMapConverter))]
    public required IReadOnlyDictionary<string, double> Metrics { get; init => field = MetricMap.From(value); }

    /// <summary>The metrics that arrived as JSON null: they have no value and are not in the map.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> AbsentMetrics => MetricMap.From(Metrics).Absent;

    [JsonInclude, JsonPropertyName("non_finite_metrics"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal NonFiniteMetrics? NonFinite
    {
        get => NonFiniteMetrics.In(Metrics);
        init => Metrics = MetricMap.From(Metrics).With(value);
    }

    /// <summary>When they were measured.</summary>
    public required Timestamp Timestamp { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

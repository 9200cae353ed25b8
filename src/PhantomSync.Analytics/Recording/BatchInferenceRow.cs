using System.Globalization;
using ClickHouse.Driver;

namespace PhantomSync.Analytics.Recording;

/// <summary>One batch of predictions.</summary>
internal sealed record BatchInferenceRow : IMetricRow
{
    public static string Table => "batch_inference_metrics";

    [ClickHouseColumn(Name = "timestamp", Type = "DateTime64(6, 'UTC')")]
    public required DateTime Timestamp { get; init; }

    [ClickHouseColumn(Name = "tenant_id", Type = "LowCardinality(String)")]
    public required string TenantId { get; init; }

    [ClickHouseColumn(Name = "model_id", Type = "LowCardinality(String)")]
    public required string ModelId { get; init; }

    [ClickHouseColumn(Name = "model_version", Type = "LowCardinality(String)")]
    public required string ModelVersion { get; init; }

    [ClickHouseColumn(Name = "batch_id", Type = "String")]
    public required string BatchId { get; init; }

    [ClickHouseColumn(Name = "total_predictions", Type = "UInt64")]
    public required ulong TotalPredictions { get; init; }

    [ClickHouseColumn(Name = "average_confidence", Type = "Float64")]
    public required double AverageConfidence { get; init; }

    [ClickHouseColumn(Name = "total_time_ms", Type = "UInt64")]
    public required ulong TotalTimeMs { get; init; }

    [ClickHouseColumn(Name = "results_location", Type = "String")]
    public required string ResultsLocation { get; init; }

    [ClickHouseColumn(Name = "event_id", Type = "UUID")]
    public required Guid EventId { get; init; }

    [ClickHouseColumn(Name = "source_service", Type = "LowCardinality(String)")]
    public required string SourceService { get; init; }

    string IMetricRow.Compared => string.Create(CultureInfo.InvariantCulture, $"{EventId}|{TotalPredictions}|{BitConverter.DoubleToUInt64Bits(AverageConfidence)}|{TotalTimeMs}");
}

using System.Globalization;
using ClickHouse.Driver;

namespace PhantomSync.Analytics.Recording;

/// <summary>One final metric of a training job; the duration is the job's and repeats, so sums over it belong to <see cref="TrainingRunRow"/>.</summary>
internal sealed record TrainingMetricRow : IMetricRow
{
    public static string Table => "training_metrics";

    [ClickHouseColumn(Name = "timestamp", Type = "DateTime64(6, 'UTC')")]
    public required DateTime Timestamp { get; init; }

    [ClickHouseColumn(Name = "tenant_id", Type = "LowCardinality(String)")]
    public required string TenantId { get; init; }

    [ClickHouseColumn(Name = "training_job_id", Type = "String")]
    public required string TrainingJobId { get; init; }

    [ClickHouseColumn(Name = "model_id", Type = "LowCardinality(String)")]
    public required string ModelId { get; init; }

    [ClickHouseColumn(Name = "metric_name", Type = "LowCardinality(String)")]
    public required string MetricName { get; init; }

    [ClickHouseColumn(Name = "metric_value", Type = "Float64")]
    public required double MetricValue { get; init; }

    [ClickHouseColumn(Name = "training_duration_ms", Type = "UInt64")]
    public required ulong TrainingDurationMs { get; init; }

    [ClickHouseColumn(Name = "event_id", Type = "UUID")]
    public required Guid EventId { get; init; }

    [ClickHouseColumn(Name = "source_service", Type = "LowCardinality(String)")]
    public required string SourceService { get; init; }

    string IMetricRow.Compared => string.Create(CultureInfo.InvariantCulture, $"{EventId}|{BitConverter.DoubleToUInt64Bits(MetricValue)}|{TrainingDurationMs}|{MetricName}");
}

using System.Globalization;
using ClickHouse.Driver;

namespace PhantomSync.Analytics.Recording;

/// <summary>One measured value of a service; its time is when it was measured, <c>occurred_at</c> when that was said.</summary>
internal sealed record PerformanceRow : IMetricRow
{
    public static string Table => "performance_metrics";

    [ClickHouseColumn(Name = "timestamp", Type = "DateTime64(6, 'UTC')")]
    public required DateTime Timestamp { get; init; }

    [ClickHouseColumn(Name = "tenant_id", Type = "LowCardinality(String)")]
    public required string TenantId { get; init; }

    [ClickHouseColumn(Name = "service_name", Type = "LowCardinality(String)")]
    public required string ServiceName { get; init; }

    [ClickHouseColumn(Name = "metric_name", Type = "LowCardinality(String)")]
    public required string MetricName { get; init; }

    [ClickHouseColumn(Name = "metric_value", Type = "Float64")]
    public required double MetricValue { get; init; }

    [ClickHouseColumn(Name = "occurred_at", Type = "DateTime64(6, 'UTC')")]
    public required DateTime OccurredAt { get; init; }

    [ClickHouseColumn(Name = "event_id", Type = "UUID")]
    public required Guid EventId { get; init; }

    [ClickHouseColumn(Name = "source_service", Type = "LowCardinality(String)")]
    public required string SourceService { get; init; }

    string IMetricRow.Compared => string.Create(CultureInfo.InvariantCulture, $"{EventId}|{BitConverter.DoubleToUInt64Bits(MetricValue)}|{MetricName}");
}

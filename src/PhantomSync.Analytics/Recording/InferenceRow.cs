using System.Globalization;
using ClickHouse.Driver;

namespace PhantomSync.Analytics.Recording;

/// <summary>One prediction.</summary>
internal sealed record InferenceRow : IMetricRow
{
    public static string Table => "inference_metrics";

    [ClickHouseColumn(Name = "timestamp", Type = "DateTime64(6, 'UTC')")]
    public required DateTime Timestamp { get; init; }

    [ClickHouseColumn(Name = "tenant_id", Type = "LowCardinality(String)")]
    public required string TenantId { get; init; }

    [ClickHouseColumn(Name = "model_id", Type = "LowCardinality(String)")]
    public required string ModelId { get; init; }

    [ClickHouseColumn(Name = "model_version", Type = "LowCardinality(String)")]
    public required string ModelVersion { get; init; }

    [ClickHouseColumn(Name = "inference_time_ms", Type = "UInt64")]
    public required ulong InferenceTimeMs { get; init; }

    [ClickHouseColumn(Name = "confidence_score", Type = "Float64")]
    public required double ConfidenceScore { get; init; }

    [ClickHouseColumn(Name = "user_id", Type = "String")]
    public required string UserId { get; init; }

    [ClickHouseColumn(Name = "inference_id", Type = "String")]
    public required string InferenceId { get; init; }

    [ClickHouseColumn(Name = "event_id", Type = "UUID")]
    public required Guid EventId { get; init; }

    [ClickHouseColumn(Name = "source_service", Type = "LowCardinality(String)")]
    public required string SourceService { get; init; }

    string IMetricRow.Compared => string.Create(CultureInfo.InvariantCulture, $"{EventId}|{InferenceTimeMs}|{BitConverter.DoubleToUInt64Bits(ConfidenceScore)}");
}

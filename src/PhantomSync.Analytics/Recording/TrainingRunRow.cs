using ClickHouse.Driver;

namespace PhantomSync.Analytics.Recording;

/// <summary>How a training job ended; one row per job, the latest by event time.</summary>
internal sealed record TrainingRunRow : IMetricRow
{
    public static string Table => "training_runs";

    [ClickHouseColumn(Name = "timestamp", Type = "DateTime64(6, 'UTC')")]
    public required DateTime Timestamp { get; init; }

    [ClickHouseColumn(Name = "tenant_id", Type = "LowCardinality(String)")]
    public required string TenantId { get; init; }

    [ClickHouseColumn(Name = "training_job_id", Type = "String")]
    public required string TrainingJobId { get; init; }

    [ClickHouseColumn(Name = "model_id", Type = "LowCardinality(String)")]
    public required string ModelId { get; init; }

    [ClickHouseColumn(Name = "outcome", Type = "LowCardinality(String)")]
    public required string Outcome { get; init; }

    [ClickHouseColumn(Name = "failure_reason", Type = "String")]
    public required string FailureReason { get; init; }

    [ClickHouseColumn(Name = "metric_count", Type = "UInt64")]
    public required ulong MetricCount { get; init; }

    [ClickHouseColumn(Name = "training_duration_ms", Type = "UInt64")]
    public required ulong TrainingDurationMs { get; init; }

    [ClickHouseColumn(Name = "artifacts_location", Type = "String")]
    public required string ArtifactsLocation { get; init; }

    [ClickHouseColumn(Name = "event_id", Type = "UUID")]
    public required Guid EventId { get; init; }

    [ClickHouseColumn(Name = "source_service", Type = "LowCardinality(String)")]
    public required string SourceService { get; init; }

    string IMetricRow.Compared => $"{ModelId}|{TrainingJobId}";
}

namespace PhantomSync.Analytics.ClickHouse;

/// <summary>
/// The versions of the schema, each a list of statements that may run again. A version that was released is never changed; a
/// new one is added.
/// </summary>
/// <remarks>
/// The order key starts with what every question names and ends with what makes a row itself; the partition is made of the
/// event's own time. So a row written twice always meets itself, and FINAL counts it once.
/// </remarks>
internal static class ClickHouseSchema
{
    private const string Time = "timestamp DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)), tenant_id LowCardinality(String)";

    private const string Event = """
        event_id UUID, source_service LowCardinality(String),
        ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1)),
        late_by_ms Int64 ALIAS dateDiff('millisecond', timestamp, ingested_at),
        INDEX by_ingestion ingested_at TYPE minmax GRANULARITY 1
        """;

    public static readonly string[] TimedTables =
        ["inference_metrics", "batch_inference_metrics", "training_metrics", "training_runs", "performance_metrics", "agent_executions"];

    public static readonly string[][] Versions =
    [
        [
            Table(
                "inference_metrics",
                """
                model_id LowCardinality(String), model_version LowCardinality(String), inference_time_ms UInt64 CODEC(T64, ZSTD(1)),
                confidence_score Float64 CODEC(ZSTD(1)), user_id String CODEC(ZSTD(1)), inference_id String CODEC(ZSTD(1))
                """,
                "tenant_id, model_id, timestamp, event_id"),
            Table(
                "batch_inference_metrics",
                """
                model_id LowCardinality(String), model_version LowCardinality(String), batch_id String, total_predictions UInt64,
                average_confidence Float64, total_time_ms UInt64, results_location String CODEC(ZSTD(1))
                """,
                "tenant_id, model_id, timestamp, event_id"),
            Table(
                "training_metrics",
                """
                training_job_id String, model_id LowCardinality(String), metric_name LowCardinality(String), metric_value Float64,
                training_duration_ms UInt64, INDEX by_job training_job_id TYPE bloom_filter GRANULARITY 1
                """,
                "tenant_id, model_id, metric_name, timestamp, event_id"),
            Table(
                "performance_metrics",
                """
                service_name LowCardinality(String), metric_name LowCardinality(String), metric_value Float64 CODEC(ZSTD(1)),
                occurred_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1))
                """,
                "tenant_id, service_name, metric_name, timestamp, event_id"),
            Table(
                "agent_executions",
                "agent_id LowCardinality(String), execution_id String, execution_time_ms UInt64 CODEC(T64, ZSTD(1))",
                "tenant_id, agent_id, timestamp, event_id"),

            // One row per job, the latest by event time; few enough to need no partitions.
            $"""
            CREATE TABLE IF NOT EXISTS training_runs (
                {Time}, training_job_id String, model_id LowCardinality(String), outcome LowCardinality(String), failure_reason String,
                metric_count UInt64, training_duration_ms UInt64, artifacts_location String, {Event}
            ) ENGINE = ReplacingMergeTree(timestamp) ORDER BY (tenant_id, model_id, training_job_id)
            """,
        ],
        [.. Rollups.All.Select(rollup => rollup.Create())],
    ];

    private static string Table(string name, string columns, string order) =>
        $"""
        CREATE TABLE IF NOT EXISTS {name} (
            {Time}, {columns}, {Event}
        ) ENGINE = ReplacingMergeTree(ingested_at) PARTITION BY toYYYYMM(timestamp) ORDER BY ({order})
        SETTINGS ttl_only_drop_parts = 1
        """;
}

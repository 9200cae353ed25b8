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

    private static readonly Dictionary<string, (string Columns, string Order)> Tables = new(StringComparer.Ordinal)
    {
        ["inference_metrics"] = (
            """
            model_id LowCardinality(String), model_version LowCardinality(String), inference_time_ms UInt64 CODEC(T64, ZSTD(1)),
            confidence_score Float64 CODEC(ZSTD(1)), user_id String CODEC(ZSTD(1)), inference_id String CODEC(ZSTD(1))
            """,
            "tenant_id, model_id, timestamp, event_id"),
        ["batch_inference_metrics"] = (
            """
            model_id LowCardinality(String), model_version LowCardinality(String), batch_id String, total_predictions UInt64,
            average_confidence Float64, total_time_ms UInt64, results_location String CODEC(ZSTD(1))
            """,
            "tenant_id, model_id, timestamp, event_id"),
        ["training_metrics"] = (
            """
            training_job_id String, model_id LowCardinality(String), metric_name LowCardinality(String), metric_value Float64,
            training_duration_ms UInt64, INDEX by_job training_job_id TYPE bloom_filter GRANULARITY 1
            """,
            "tenant_id, model_id, metric_name, timestamp, event_id"),
        ["performance_metrics"] = (
            """
            service_name LowCardinality(String), metric_name LowCardinality(String), metric_value Float64 CODEC(ZSTD(1)),
            occurred_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1))
            """,
            "tenant_id, service_name, metric_name, timestamp, event_id"),
        ["agent_executions"] = (
            "agent_id LowCardinality(String), execution_id String, execution_time_ms UInt64 CODEC(T64, ZSTD(1))",
            "tenant_id, agent_id, timestamp, event_id"),
    };

    public static readonly string[] TimedTables = [.. Tables.Keys, "training_runs"];

    public static readonly string[][] Versions =
    [
        [.. TimedTables.Select(table => Create(table, table))],
        [.. Rollups.All.Select(rollup => rollup.Create())],
        [
            """
            CREATE TABLE IF NOT EXISTS erasures (
                id UUID, tenant_id String, user_id Nullable(String), before DateTime64(6, 'UTC'), erased_by String, reason String,
                erased_at DateTime64(6, 'UTC'), rows Map(String, Int64), is_done UInt8
            ) ENGINE = ReplacingMergeTree(is_done) ORDER BY id
            """,
        ],
    ];

    /// <summary>A table as this release has it, by whatever name.</summary>
    /// <remarks>Once a version changes a table, version 1 needs a text of its own.</remarks>
    public static string Create(string table, string name) => table == "training_runs"

        // One row per job, the latest by event time; few enough to need no partitions.
        ? $"""
        CREATE TABLE IF NOT EXISTS {name} (
            {Time}, training_job_id String, model_id LowCardinality(String), outcome LowCardinality(String), failure_reason String,
            metric_count UInt64, training_duration_ms UInt64, artifacts_location String, {Event}
        ) ENGINE = ReplacingMergeTree(timestamp) ORDER BY (tenant_id, model_id, training_job_id)
        """
        : $"""
        CREATE TABLE IF NOT EXISTS {name} (
            {Time}, {Tables[table].Columns}, {Event}
        ) ENGINE = ReplacingMergeTree(ingested_at) PARTITION BY toYYYYMM(timestamp) ORDER BY ({Tables[table].Order})
        SETTINGS ttl_only_drop_parts = 1
        """;
}

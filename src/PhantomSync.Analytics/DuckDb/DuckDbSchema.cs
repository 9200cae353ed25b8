using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.DuckDb;

/// <summary>The versions of the schema, each a list of statements. A version that was released is never changed; a new one is added.</summary>
internal static class DuckDbSchema
{
    public static readonly string[][] Versions =
    [
        [
            Create(InferenceRow.Table, DuckDbTables.Inferences.Columns),
            Create(BatchInferenceRow.Table, DuckDbTables.Batches.Columns),
            Create(TrainingMetricRow.Table, DuckDbTables.TrainingMetrics.Columns),
            Create(TrainingRunRow.Table, DuckDbTables.TrainingRuns.Columns),
            Create(PerformanceRow.Table, DuckDbTables.Performance.Columns),
            Create(AgentExecutionRow.Table, DuckDbTables.AgentExecutions.Columns),
        ],
        [.. Rollups()],
        [
            """
            CREATE TABLE IF NOT EXISTS erasures (
                id UUID PRIMARY KEY, tenant_id VARCHAR, user_id VARCHAR, before TIMESTAMP, erased_by VARCHAR, reason VARCHAR, erased_at TIMESTAMP, rows MAP(VARCHAR, BIGINT))
            """,
        ],
    ];

    public static readonly string[] TimedTables =
        [InferenceRow.Table, BatchInferenceRow.Table, TrainingMetricRow.Table, TrainingRunRow.Table, PerformanceRow.Table, AgentExecutionRow.Table];

    /// <summary>A table of these columns, and of when its rows came.</summary>
    /// <remarks>Once a version changes a table, version 1 needs a text of its own.</remarks>
    public static string Create(string table, string columns) =>
        $"CREATE TABLE IF NOT EXISTS {table} ({columns}, ingested_at TIMESTAMP, late_by_ms BIGINT GENERATED ALWAYS AS (date_diff('millisecond', timestamp, ingested_at)) VIRTUAL)";

    /// <summary>Roll-ups are views: one file on one machine is read faster than kept in step.</summary>
    private static IEnumerable<string> Rollups()
    {
        foreach (var resolution in (string[])["minute", "hour", "day"])
        {
            yield return $"""
                CREATE OR REPLACE VIEW inference_{resolution} AS
                SELECT tenant_id, model_id, model_version, date_trunc('{resolution}', timestamp) AS bucket,
                    count(*)::UBIGINT AS predictions,
                    avg(inference_time_ms) AS mean_latency_ms, quantile_cont(inference_time_ms::DOUBLE, [0.5, 0.95, 0.99]) AS latency_ms,
                    avg(confidence_score) AS mean_confidence, quantile_cont(confidence_score, [0.5, 0.95, 0.99]) AS confidence
                FROM inference_metrics GROUP BY ALL
                """;
            yield return $"""
                CREATE OR REPLACE VIEW performance_{resolution} AS
                SELECT tenant_id, service_name, metric_name, date_trunc('{resolution}', timestamp) AS bucket,
                    count(*)::UBIGINT AS samples, (count(*) FILTER (isfinite(metric_value)))::UBIGINT AS finite,
                    avg(metric_value) FILTER (isfinite(metric_value)) AS mean_value,
                    min(metric_value) FILTER (isfinite(metric_value)) AS min_value,
                    max(metric_value) FILTER (isfinite(metric_value)) AS max_value,
                    quantile_cont(metric_value, [0.5, 0.95, 0.99]) FILTER (isfinite(metric_value)) AS spread
                FROM performance_metrics GROUP BY ALL
                """;
        }
    }
}

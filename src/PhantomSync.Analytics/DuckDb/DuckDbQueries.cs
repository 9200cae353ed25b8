using System.Data.Common;
using System.Numerics;
using PhantomSync.Analytics.Querying;

namespace PhantomSync.Analytics.DuckDb;

/// <summary>The questions, on a connection of their own each.</summary>
internal sealed class DuckDbQueries(DuckDbStore store) : IAnalyticsQueries
{
    public Task<IReadOnlyList<InferencePoint>> InferencesAsync(
        string tenantId, string modelId, TimeWindow window, Resolution resolution, string? modelVersion = null, CancellationToken cancellationToken = default) => AskAsync(
        $"""
        SELECT model_version, bucket, predictions, mean_latency_ms, latency_ms, mean_confidence, confidence
        FROM inference_{resolution.Name()}
        WHERE tenant_id = $1 AND model_id = $2 AND bucket >= $3 AND bucket < $4 AND ($5 IS NULL OR model_version = $5)
        ORDER BY bucket, model_version
        """,
        row => new InferencePoint(
            row.GetString(0), Utc(row, 1), row.GetFieldValue<ulong>(2), row.GetFieldValue<ulong>(2) / resolution.Seconds(),
            row.GetDouble(3), Spread(row, 4), row.GetDouble(5), Spread(row, 6)),
        cancellationToken,
        tenantId,
        modelId,
        resolution.Floor(window.FirstUtc),
        window.EndUtc,
        modelVersion);

    public Task<IReadOnlyList<BatchInferenceTotals>> BatchInferencesAsync(string tenantId, string modelId, TimeWindow window, CancellationToken cancellationToken = default) => AskAsync(
        """
        SELECT model_version, count(*)::UBIGINT, sum(total_predictions::HUGEINT), sum(total_time_ms::HUGEINT),
            sum(average_confidence * total_predictions) / nullif(sum(total_predictions::DOUBLE), 0)
        FROM batch_inference_metrics
        WHERE tenant_id = $1 AND model_id = $2 AND timestamp >= $3 AND timestamp < $4
        GROUP BY model_version ORDER BY model_version
        """,
        row => new BatchInferenceTotals(row.GetString(0), row.GetFieldValue<ulong>(1), Total(row, 2), Total(row, 3), Optional(row, 4)),
        cancellationToken,
        tenantId,
        modelId,
        window.FirstUtc,
        window.EndUtc);

    public Task<IReadOnlyList<TrainingMetric>> TrainingJobAsync(string tenantId, string jobId, CancellationToken cancellationToken = default) => AskAsync(
        """
        SELECT training_job_id, model_id, metric_name, metric_value, timestamp, training_duration_ms
        FROM training_metrics WHERE tenant_id = $1 AND training_job_id = $2
        ORDER BY metric_name, timestamp
        """,
        Metric,
        cancellationToken,
        tenantId,
        jobId);

    public Task<IReadOnlyList<TrainingMetric>> TrainingMetricAsync(
        string tenantId, string modelId, string metric, TimeWindow window, int limit = 1_000, CancellationToken cancellationToken = default) => AskAsync(
        """
        SELECT training_job_id, model_id, metric_name, metric_value, timestamp, training_duration_ms
        FROM training_metrics WHERE tenant_id = $1 AND model_id = $2 AND metric_name = $3 AND timestamp >= $4 AND timestamp < $5
        ORDER BY timestamp DESC, training_job_id LIMIT $6
        """,
        Metric,
        cancellationToken,
        tenantId,
        modelId,
        metric,
        window.FirstUtc,
        window.EndUtc,
        limit);

    public async Task<TrainingTotals> TrainingRunsAsync(string tenantId, string modelId, TimeWindow window, CancellationToken cancellationToken = default) => (await AskAsync(
        """
        SELECT (count(*) FILTER (outcome = 'completed'))::UBIGINT, (count(*) FILTER (outcome = 'failed'))::UBIGINT,
            coalesce(sum(training_duration_ms::HUGEINT) FILTER (outcome = 'completed'), 0)
        FROM (
            SELECT DISTINCT ON (training_job_id) outcome, training_duration_ms, timestamp FROM training_runs
            WHERE tenant_id = $1 AND model_id = $2 ORDER BY training_job_id, timestamp DESC, event_id)
        WHERE timestamp >= $3 AND timestamp < $4
        """,
        row => new TrainingTotals(row.GetFieldValue<ulong>(0), row.GetFieldValue<ulong>(1), Total(row, 2)),
        cancellationToken,
        tenantId,
        modelId,
        window.FirstUtc,
        window.EndUtc))[0];

    public Task<IReadOnlyList<PerformancePoint>> PerformanceAsync(
        string tenantId, string serviceName, TimeWindow window, Resolution resolution, string? metric = null, CancellationToken cancellationToken = default) => AskAsync(
        $"""
        SELECT metric_name, bucket, samples, finite, mean_value, min_value, max_value, spread
        FROM performance_{resolution.Name()}
        WHERE tenant_id = $1 AND service_name = $2 AND bucket >= $3 AND bucket < $4 AND ($5 IS NULL OR metric_name = $5)
        ORDER BY bucket, metric_name
        """,
        row => new PerformancePoint(
            row.GetString(0), Utc(row, 1), row.GetFieldValue<ulong>(2), row.GetFieldValue<ulong>(2) - row.GetFieldValue<ulong>(3),
            Optional(row, 4), Optional(row, 5), Optional(row, 6), row.IsDBNull(7) ? null : Spread(row, 7)),
        cancellationToken,
        tenantId,
        serviceName,
        resolution.Floor(window.FirstUtc),
        window.EndUtc,
        metric);

    public Task<IReadOnlyList<AgentTotals>> AgentsAsync(string tenantId, TimeWindow window, CancellationToken cancellationToken = default) => AskAsync(
        """
        SELECT agent_id, count(*)::UBIGINT, quantile_cont(execution_time_ms::DOUBLE, [0.5, 0.95, 0.99])
        FROM agent_executions WHERE tenant_id = $1 AND timestamp >= $2 AND timestamp < $3
        GROUP BY agent_id ORDER BY agent_id
        """,
        row => new AgentTotals(row.GetString(0), row.GetFieldValue<ulong>(1), Spread(row, 2)),
        cancellationToken,
        tenantId,
        window.FirstUtc,
        window.EndUtc);

    private async Task<IReadOnlyList<T>> AskAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params object?[] values)
    {
        await using var connection = store.Connect();
        return await connection.ReadAsync(sql, read, cancellationToken, values);
    }

    private static TrainingMetric Metric(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetDouble(3), Utc(row, 4), row.GetFieldValue<ulong>(5));

    private static DateTime Utc(DbDataReader row, int column) => DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);

    private static Quantiles Spread(DbDataReader row, int column) => Quantiles.Of(row.GetFieldValue<List<double>>(column));

    private static double? Optional(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    private static UInt128 Total(DbDataReader row, int column) => (UInt128)row.GetFieldValue<BigInteger>(column);
}

using System.Data.Common;
using System.Globalization;
using ClickHouse.Driver.ADO.Parameters;
using ClickHouse.Driver.Utility;
using PhantomSync.Analytics.Querying;

namespace PhantomSync.Analytics.ClickHouse;

/// <summary>The questions, each with its values as parameters of the server's.</summary>
internal sealed class ClickHouseQueries(ClickHouseStore store) : IAnalyticsQueries
{
    private const string InWindow = "timestamp >= {from:DateTime64(6, 'UTC')} AND timestamp < {to:DateTime64(6, 'UTC')}";

    public Task<IReadOnlyList<InferencePoint>> InferencesAsync(
        string tenantId, string modelId, TimeWindow window, Resolution resolution, string? modelVersion = null, CancellationToken cancellationToken = default) => AskAsync(
        $$"""
        SELECT model_version, bucket, predictions, latency_total / predictions, finalizeAggregation(latency), confidence_total / predictions, finalizeAggregation(confidence)
        FROM inference_{{resolution.Name()}} FINAL
        WHERE tenant_id = {tenant:String} AND model_id = {model:String}
            AND bucket >= {from:DateTime('UTC')} AND bucket < {to:DateTime64(6, 'UTC')} AND ({all:UInt8} OR model_version = {version:String})
        ORDER BY bucket, model_version
        """,
        row => new InferencePoint(
            row.GetString(0), Utc(row, 1), row.GetFieldValue<ulong>(2), row.GetFieldValue<ulong>(2) / resolution.Seconds(),
            row.GetDouble(3), Spread(row, 4), row.GetDouble(5), Spread(row, 6)),
        cancellationToken,
        ("tenant", tenantId),
        ("model", modelId),
        ("from", resolution.Floor(window.FirstUtc)),
        ("to", window.EndUtc),
        ("all", modelVersion is null ? 1 : 0),
        ("version", modelVersion ?? ""));

    public Task<IReadOnlyList<BatchInferenceTotals>> BatchInferencesAsync(string tenantId, string modelId, TimeWindow window, CancellationToken cancellationToken = default) => AskAsync(
        $$"""
        SELECT model_version, count(), toString(sum(toUInt128(total_predictions))), toString(sum(toUInt128(total_time_ms))),
            sum(average_confidence * total_predictions), sum(toFloat64(total_predictions))
        FROM batch_inference_metrics FINAL
        WHERE tenant_id = {tenant:String} AND model_id = {model:String} AND {{InWindow}}
        GROUP BY model_version ORDER BY model_version
        """,
        row => new BatchInferenceTotals(
            row.GetString(0), row.GetFieldValue<ulong>(1), Total(row, 2), Total(row, 3), row.GetDouble(5) > 0 ? row.GetDouble(4) / row.GetDouble(5) : null),
        cancellationToken,
        ("tenant", tenantId),
        ("model", modelId),
        ("from", window.FirstUtc),
        ("to", window.EndUtc));

    public Task<IReadOnlyList<TrainingMetric>> TrainingJobAsync(string tenantId, string jobId, CancellationToken cancellationToken = default) => AskAsync(
        """
        SELECT training_job_id, model_id, metric_name, metric_value, timestamp, training_duration_ms
        FROM training_metrics FINAL WHERE tenant_id = {tenant:String} AND training_job_id = {job:String}
        ORDER BY metric_name, timestamp
        """,
        Metric,
        cancellationToken,
        ("tenant", tenantId),
        ("job", jobId));

    public Task<IReadOnlyList<TrainingMetric>> TrainingMetricAsync(
        string tenantId, string modelId, string metric, TimeWindow window, int limit = 1_000, CancellationToken cancellationToken = default) => AskAsync(
        $$"""
        SELECT training_job_id, model_id, metric_name, metric_value, timestamp, training_duration_ms
        FROM training_metrics FINAL
        WHERE tenant_id = {tenant:String} AND model_id = {model:String} AND metric_name = {metric:String} AND {{InWindow}}
        ORDER BY timestamp DESC, training_job_id LIMIT {limit:UInt32}
        """,
        Metric,
        cancellationToken,
        ("tenant", tenantId),
        ("model", modelId),
        ("metric", metric),
        ("from", window.FirstUtc),
        ("to", window.EndUtc),
        ("limit", limit));

    public async Task<TrainingTotals> TrainingRunsAsync(string tenantId, string modelId, TimeWindow window, CancellationToken cancellationToken = default) => (await AskAsync(
        $$"""
        SELECT countIf(outcome = 'completed'), countIf(outcome = 'failed'), toString(sumIf(toUInt128(training_duration_ms), outcome = 'completed'))
        FROM training_runs FINAL
        WHERE tenant_id = {tenant:String} AND model_id = {model:String} AND {{InWindow}}
        """,
        row => new TrainingTotals(row.GetFieldValue<ulong>(0), row.GetFieldValue<ulong>(1), Total(row, 2)),
        cancellationToken,
        ("tenant", tenantId),
        ("model", modelId),
        ("from", window.FirstUtc),
        ("to", window.EndUtc)))[0];

    public Task<IReadOnlyList<PerformancePoint>> PerformanceAsync(
        string tenantId, string serviceName, TimeWindow window, Resolution resolution, string? metric = null, CancellationToken cancellationToken = default) => AskAsync(
        $$"""
        SELECT metric_name, bucket, samples, finite, value_total, value_min, value_max, finalizeAggregation(spread)
        FROM performance_{{resolution.Name()}} FINAL
        WHERE tenant_id = {tenant:String} AND service_name = {service:String}
            AND bucket >= {from:DateTime('UTC')} AND bucket < {to:DateTime64(6, 'UTC')} AND ({all:UInt8} OR metric_name = {metric:String})
        ORDER BY bucket, metric_name
        """,
        row => Performance(row, row.GetFieldValue<ulong>(3)),
        cancellationToken,
        ("tenant", tenantId),
        ("service", serviceName),
        ("from", resolution.Floor(window.FirstUtc)),
        ("to", window.EndUtc),
        ("all", metric is null ? 1 : 0),
        ("metric", metric ?? ""));

    public Task<IReadOnlyList<AgentTotals>> AgentsAsync(string tenantId, TimeWindow window, CancellationToken cancellationToken = default) => AskAsync(
        $$"""
        SELECT agent_id, count(), quantilesTDigest(0.5, 0.95, 0.99)(execution_time_ms)
        FROM agent_executions FINAL WHERE tenant_id = {tenant:String} AND {{InWindow}}
        GROUP BY agent_id ORDER BY agent_id
        """,
        row => new AgentTotals(row.GetString(0), row.GetFieldValue<ulong>(1), Spread(row, 2)),
        cancellationToken,
        ("tenant", tenantId),
        ("from", window.FirstUtc),
        ("to", window.EndUtc));

    private async Task<IReadOnlyList<T>> AskAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object Value)[] values)
    {
        var parameters = new ClickHouseParameterCollection();
        foreach (var (name, value) in values)
            parameters.AddParameter(name, value);
        await using var reader = await store.Client.ExecuteReaderAsync(sql, parameters, cancellationToken: cancellationToken);
        var all = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            all.Add(read(reader));
        return all;
    }

    private static PerformancePoint Performance(DbDataReader row, ulong finite) => new(
        row.GetString(0),
        Utc(row, 1),
        row.GetFieldValue<ulong>(2),
        row.GetFieldValue<ulong>(2) - finite,
        finite > 0 ? row.GetDouble(4) / finite : null,
        finite > 0 ? row.GetDouble(5) : null,
        finite > 0 ? row.GetDouble(6) : null,
        finite > 0 ? Spread(row, 7) : null);

    private static TrainingMetric Metric(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetDouble(3), Utc(row, 4), row.GetFieldValue<ulong>(5));

    private static DateTime Utc(DbDataReader row, int column) => DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);

    /// <summary>The digest answers in single or double precision, by what it was made of.</summary>
    private static Quantiles Spread(DbDataReader row, int column) =>
        Quantiles.Of(((Array)row.GetValue(column)).Cast<object>().Select(value => Convert.ToDouble(value, CultureInfo.InvariantCulture)));

    private static UInt128 Total(DbDataReader row, int column) => UInt128.Parse(row.GetString(column), CultureInfo.InvariantCulture);
}

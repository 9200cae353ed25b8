using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.ClickHouse;

/// <summary>What reconciliation asks.</summary>
internal static class ClickHouseComparison
{
    /// <summary><see cref="IMetricRow.Compared"/> of each table, made of its columns.</summary>
    public static readonly (string Table, string Compared)[] Texts =
    [
        (InferenceRow.Table, "event_id, '|', inference_time_ms, '|', reinterpretAsUInt64(confidence_score)"),
        (BatchInferenceRow.Table, "event_id, '|', total_predictions, '|', reinterpretAsUInt64(average_confidence), '|', total_time_ms"),
        (TrainingMetricRow.Table, "event_id, '|', reinterpretAsUInt64(metric_value), '|', training_duration_ms, '|', metric_name"),
        (TrainingRunRow.Table, "model_id, '|', training_job_id"),
        (PerformanceRow.Table, "event_id, '|', reinterpretAsUInt64(metric_value), '|', metric_name"),
        (AgentExecutionRow.Table, "event_id, '|', execution_time_ms"),
    ];

    /// <summary>Tenant, hour, rows and checksum of every slice between <c>{from:…}</c> and <c>{to:…}</c>.</summary>
    public static string Sums(string table, string compared) =>
        $$"""
        SELECT tenant_id, toStartOfHour(timestamp) AS hour, count(),
            sum(reinterpretAsUInt64(reverse(substring(SHA256(concat(toUnixTimestamp64Micro(timestamp), '|', {{compared}})), 1, 8))))
        FROM {{table}} FINAL
        WHERE timestamp >= {from:DateTime64(6, 'UTC')} AND timestamp < {to:DateTime64(6, 'UTC')} AND ({all:UInt8} OR tenant_id = {tenant:String})
        GROUP BY tenant_id, hour
        """;
}

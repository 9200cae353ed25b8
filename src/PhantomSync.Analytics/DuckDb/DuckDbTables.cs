using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.DuckDb;

/// <summary>The tables, with the source design's columns and who said so, when. Text ends at a NUL here; no id has one.</summary>
internal static class DuckDbTables
{
    private const string Event = "event_id UUID, source_service VARCHAR";

    public static readonly DuckDbTable<InferenceRow> Inferences = new(
        $"timestamp TIMESTAMP, tenant_id VARCHAR, model_id VARCHAR, model_version VARCHAR, inference_time_ms UBIGINT, confidence_score DOUBLE, user_id VARCHAR, inference_id VARCHAR, {Event}",
        ["event_id"],
        "concat_ws('|', event_id, inference_time_ms, confidence_score::BIT::UBIGINT)",
        static (to, row) => to.AppendValue(row.Timestamp).AppendValue(row.TenantId).AppendValue(row.ModelId).AppendValue(row.ModelVersion)
            .AppendValue(row.InferenceTimeMs).AppendValue(row.ConfidenceScore).AppendValue(row.UserId).AppendValue(row.InferenceId)
            .AppendValue(row.EventId).AppendValue(row.SourceService));

    public static readonly DuckDbTable<BatchInferenceRow> Batches = new(
        $"timestamp TIMESTAMP, tenant_id VARCHAR, model_id VARCHAR, model_version VARCHAR, batch_id VARCHAR, total_predictions UBIGINT, average_confidence DOUBLE, total_time_ms UBIGINT, results_location VARCHAR, {Event}",
        ["event_id"],
        "concat_ws('|', event_id, total_predictions, average_confidence::BIT::UBIGINT, total_time_ms)",
        static (to, row) => to.AppendValue(row.Timestamp).AppendValue(row.TenantId).AppendValue(row.ModelId).AppendValue(row.ModelVersion)
            .AppendValue(row.BatchId).AppendValue(row.TotalPredictions).AppendValue(row.AverageConfidence).AppendValue(row.TotalTimeMs)
            .AppendValue(row.ResultsLocation).AppendValue(row.EventId).AppendValue(row.SourceService));

    public static readonly DuckDbTable<TrainingMetricRow> TrainingMetrics = new(
        $"timestamp TIMESTAMP, tenant_id VARCHAR, training_job_id VARCHAR, model_id VARCHAR, metric_name VARCHAR, metric_value DOUBLE, training_duration_ms UBIGINT, {Event}",
        ["event_id", "metric_name"],
        "concat_ws('|', event_id, metric_value::BIT::UBIGINT, training_duration_ms, metric_name)",
        static (to, row) => to.AppendValue(row.Timestamp).AppendValue(row.TenantId).AppendValue(row.TrainingJobId).AppendValue(row.ModelId)
            .AppendValue(row.MetricName).AppendValue(row.MetricValue).AppendValue(row.TrainingDurationMs)
            .AppendValue(row.EventId).AppendValue(row.SourceService));

    public static readonly DuckDbTable<TrainingRunRow> TrainingRuns = new(
        $"timestamp TIMESTAMP, tenant_id VARCHAR, training_job_id VARCHAR, model_id VARCHAR, outcome VARCHAR, failure_reason VARCHAR, metric_count UBIGINT, training_duration_ms UBIGINT, artifacts_location VARCHAR, {Event}",
        ["event_id"],
        "concat_ws('|', model_id, training_job_id)",
        static (to, row) => to.AppendValue(row.Timestamp).AppendValue(row.TenantId).AppendValue(row.TrainingJobId).AppendValue(row.ModelId)
            .AppendValue(row.Outcome).AppendValue(row.FailureReason).AppendValue(row.MetricCount).AppendValue(row.TrainingDurationMs)
            .AppendValue(row.ArtifactsLocation).AppendValue(row.EventId).AppendValue(row.SourceService));

    public static readonly DuckDbTable<PerformanceRow> Performance = new(
        $"timestamp TIMESTAMP, tenant_id VARCHAR, service_name VARCHAR, metric_name VARCHAR, metric_value DOUBLE, occurred_at TIMESTAMP, {Event}",
        ["event_id", "metric_name"],
        "concat_ws('|', event_id, metric_value::BIT::UBIGINT, metric_name)",
        static (to, row) => to.AppendValue(row.Timestamp).AppendValue(row.TenantId).AppendValue(row.ServiceName).AppendValue(row.MetricName)
            .AppendValue(row.MetricValue).AppendValue(row.OccurredAt).AppendValue(row.EventId).AppendValue(row.SourceService));

    public static readonly DuckDbTable<AgentExecutionRow> AgentExecutions = new(
        $"timestamp TIMESTAMP, tenant_id VARCHAR, agent_id VARCHAR, execution_id VARCHAR, execution_time_ms UBIGINT, {Event}",
        ["event_id"],
        "concat_ws('|', event_id, execution_time_ms)",
        static (to, row) => to.AppendValue(row.Timestamp).AppendValue(row.TenantId).AppendValue(row.AgentId).AppendValue(row.ExecutionId)
            .AppendValue(row.ExecutionTimeMs).AppendValue(row.EventId).AppendValue(row.SourceService));

    public static readonly IDuckDbTable[] All = [Inferences, Batches, TrainingMetrics, TrainingRuns, Performance, AgentExecutions];

    public static DuckDbTable<TRow> Of<TRow>()
        where TRow : class, IMetricRow => All.OfType<DuckDbTable<TRow>>().Single();
}

namespace PhantomSync.Analytics;

/// <summary>
/// What people ask of the metrics. Every question is about one tenant. Answers over stretches of time include each stretch
/// that the window touches, whole; on ClickHouse they are as fresh as the last refresh of the roll-ups.
/// </summary>
public interface IAnalyticsQueries
{
    /// <summary>Rate, latency and confidence of a model over time, for each of its versions or for one.</summary>
    Task<IReadOnlyList<InferencePoint>> InferencesAsync(
        string tenantId, string modelId, TimeWindow window, Resolution resolution, string? modelVersion = null, CancellationToken cancellationToken = default);

    /// <summary>The batches of a model, for each of its versions.</summary>
    Task<IReadOnlyList<BatchInferenceTotals>> BatchInferencesAsync(string tenantId, string modelId, TimeWindow window, CancellationToken cancellationToken = default);

    /// <summary>The final metrics of a job, by name.</summary>
    Task<IReadOnlyList<TrainingMetric>> TrainingJobAsync(string tenantId, string jobId, CancellationToken cancellationToken = default);

    /// <summary>One metric across a model's jobs, latest first.</summary>
    Task<IReadOnlyList<TrainingMetric>> TrainingMetricAsync(
        string tenantId, string modelId, string metric, TimeWindow window, int limit = 1_000, CancellationToken cancellationToken = default);

    /// <summary>How a model's training jobs ended.</summary>
    Task<TrainingTotals> TrainingRunsAsync(string tenantId, string modelId, TimeWindow window, CancellationToken cancellationToken = default);

    /// <summary>A service's metrics over time, all of them or one.</summary>
    Task<IReadOnlyList<PerformancePoint>> PerformanceAsync(
        string tenantId, string serviceName, TimeWindow window, Resolution resolution, string? metric = null, CancellationToken cancellationToken = default);

    /// <summary>The finished runs of the tenant's agents.</summary>
    Task<IReadOnlyList<AgentTotals>> AgentsAsync(string tenantId, TimeWindow window, CancellationToken cancellationToken = default);
}

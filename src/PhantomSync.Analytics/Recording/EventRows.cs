using PhantomSync.Contracts;

namespace PhantomSync.Analytics.Recording;

/// <summary>Does with events of any kind what the consumers do with theirs.</summary>
internal static class EventRows
{
    public static async Task RecordAsync(this IMetricsSink sink, IReadOnlyCollection<ISyncEvent> events, CancellationToken cancellationToken)
    {
        await sink.WriteAsync(events.OfType<InferenceCompleted>().Select(RecordInferences.RowOf).ToArray(), cancellationToken);
        await sink.WriteAsync(events.OfType<BatchInferenceCompleted>().Select(RecordBatchInferences.RowOf).ToArray(), cancellationToken);
        await sink.WriteAsync(events.OfType<TrainingJobCompleted>().SelectMany(RecordTrainings.MetricsOf).ToArray(), cancellationToken);
        await sink.WriteAsync(events.OfType<TrainingJobCompleted>().Select(RecordTrainings.RunOf).Concat(events.OfType<TrainingJobFailed>().Select(RecordFailedTrainings.RowOf)).ToArray(), cancellationToken);
        await sink.WriteAsync(events.OfType<PerformanceMetricsUpdated>().SelectMany(RecordPerformance.RowsOf).ToArray(), cancellationToken);
        await sink.WriteAsync(events.OfType<AgentExecutionCompleted>().Select(RecordAgentExecutions.RowOf).ToArray(), cancellationToken);
    }
}

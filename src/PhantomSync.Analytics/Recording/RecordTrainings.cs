using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Analytics.Recording;

/// <summary>Keeps each completed training job, a row for the job and one for each of its metrics.</summary>
internal sealed class RecordTrainings(IMetricsStore store) : IConsumer<Batch<TrainingJobCompleted>>
{
    public async Task Consume(ConsumeContext<Batch<TrainingJobCompleted>> context)
    {
        await store.WriteAsync(context.Message.SelectMany(item => MetricsOf(item.Message)).ToArray(), context.CancellationToken);
        await store.WriteAsync(context.Message.Select(item => RunOf(item.Message)).ToArray(), context.CancellationToken);
    }

    internal static IEnumerable<TrainingMetricRow> MetricsOf(TrainingJobCompleted job) => job.FinalMetrics.Select(metric => new TrainingMetricRow
    {
        Timestamp = MetricTime.Of(job.SyncMetadata.OccurredAt),
        TenantId = job.TenantId,
        TrainingJobId = job.JobId,
        ModelId = job.ModelId,
        MetricName = metric.Key,
        MetricValue = metric.Value,
        TrainingDurationMs = job.TrainingDurationMs,
        EventId = job.SyncMetadata.EventId,
        SourceService = job.SyncMetadata.SourceService,
    });

    internal static TrainingRunRow RunOf(TrainingJobCompleted job) => new()
    {
        Timestamp = MetricTime.Of(job.SyncMetadata.OccurredAt),
        TenantId = job.TenantId,
        TrainingJobId = job.JobId,
        ModelId = job.ModelId,
        Outcome = TrainingOutcome.Completed,
        FailureReason = "",
        MetricCount = (ulong)job.FinalMetrics.Count,
        TrainingDurationMs = job.TrainingDurationMs,
        ArtifactsLocation = job.ArtifactsLocation,
        EventId = job.SyncMetadata.EventId,
        SourceService = job.SyncMetadata.SourceService,
    };
}

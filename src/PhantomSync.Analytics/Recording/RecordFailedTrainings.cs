using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Analytics.Recording;

/// <summary>Keeps which training jobs failed, and why.</summary>
internal sealed class RecordFailedTrainings(IMetricsStore store) : IConsumer<Batch<TrainingJobFailed>>
{
    public Task Consume(ConsumeContext<Batch<TrainingJobFailed>> context) =>
        store.WriteAsync([.. context.Message.Select(item => RowOf(item.Message))], context.CancellationToken);

    internal static TrainingRunRow RowOf(TrainingJobFailed job) => new()
    {
        Timestamp = MetricTime.Of(job.SyncMetadata.OccurredAt),
        TenantId = job.TenantId,
        TrainingJobId = job.JobId,
        ModelId = job.ModelId,
        Outcome = TrainingOutcome.Failed,
        FailureReason = job.FailureReason,
        MetricCount = 0,
        TrainingDurationMs = 0,
        ArtifactsLocation = "",
        EventId = job.SyncMetadata.EventId,
        SourceService = job.SyncMetadata.SourceService,
    };
}

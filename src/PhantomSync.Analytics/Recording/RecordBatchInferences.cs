using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Analytics.Recording;

/// <summary>Keeps each batch's totals.</summary>
internal sealed class RecordBatchInferences(IMetricsStore store) : IConsumer<Batch<BatchInferenceCompleted>>
{
    public Task Consume(ConsumeContext<Batch<BatchInferenceCompleted>> context) =>
        store.WriteAsync([.. context.Message.Select(item => RowOf(item.Message))], context.CancellationToken);

    internal static BatchInferenceRow RowOf(BatchInferenceCompleted batch) => new()
    {
        Timestamp = MetricTime.Of(batch.SyncMetadata.OccurredAt),
        TenantId = batch.TenantId,
        ModelId = batch.ModelId,
        ModelVersion = batch.Version,
        BatchId = batch.BatchId,
        TotalPredictions = batch.TotalPredictions,
        AverageConfidence = batch.AverageConfidence,
        TotalTimeMs = batch.TotalTimeMs,
        ResultsLocation = batch.ResultsLocation,
        EventId = batch.SyncMetadata.EventId,
        SourceService = batch.SyncMetadata.SourceService,
    };
}

using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Analytics.Recording;

/// <summary>Keeps each prediction's time and confidence; never what was asked or answered.</summary>
internal sealed class RecordInferences(IMetricsStore store) : IConsumer<Batch<InferenceCompleted>>
{
    public Task Consume(ConsumeContext<Batch<InferenceCompleted>> context) =>
        store.WriteAsync([.. context.Message.Select(item => RowOf(item.Message))], context.CancellationToken);

    internal static InferenceRow RowOf(InferenceCompleted inference) => new()
    {
        Timestamp = MetricTime.Of(inference.SyncMetadata.OccurredAt),
        TenantId = inference.TenantId,
        ModelId = inference.ModelId,
        ModelVersion = inference.Version,
        InferenceTimeMs = inference.InferenceTimeMs,
        ConfidenceScore = inference.Confidence,
        UserId = inference.RequestedBy,
        InferenceId = inference.InferenceId,
        EventId = inference.SyncMetadata.EventId,
        SourceService = inference.SyncMetadata.SourceService,
    };
}

using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Analytics.Recording;

/// <summary>Keeps how long agents ran.</summary>
internal sealed class RecordAgentExecutions(IMetricsStore store) : IConsumer<Batch<AgentExecutionCompleted>>
{
    public Task Consume(ConsumeContext<Batch<AgentExecutionCompleted>> context) =>
        store.WriteAsync([.. context.Message.Select(item => RowOf(item.Message))], context.CancellationToken);

    internal static AgentExecutionRow RowOf(AgentExecutionCompleted execution) => new()
    {
        Timestamp = MetricTime.Of(execution.SyncMetadata.OccurredAt),
        TenantId = execution.TenantId,
        AgentId = execution.AgentId,
        ExecutionId = execution.ExecutionId,
        ExecutionTimeMs = execution.ExecutionTimeMs,
        EventId = execution.SyncMetadata.EventId,
        SourceService = execution.SyncMetadata.SourceService,
    };
}

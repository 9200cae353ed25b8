using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Workloads.Agents;

/// <summary>Which agents run.</summary>
public sealed class TrackAgents(WorkloadsDbContext workloads) : IConsumer<AgentExecutionStarted>, IConsumer<AgentExecutionCompleted>
{
    public async Task Consume(ConsumeContext<AgentExecutionStarted> context)
    {
        var run = await FindOrAddAsync(context.Message.TenantId, context.Message.ExecutionId, context.Message.AgentId, context.CancellationToken);
        run.StartedAt ??= context.Message.SyncMetadata.OccurredAt.ToDateTimeOffset();
    }

    public async Task Consume(ConsumeContext<AgentExecutionCompleted> context)
    {
        var run = await FindOrAddAsync(context.Message.TenantId, context.Message.ExecutionId, context.Message.AgentId, context.CancellationToken);
        run.EndedAt ??= context.Message.SyncMetadata.OccurredAt.ToDateTimeOffset();
    }

    private async Task<AgentRun> FindOrAddAsync(string tenantId, string executionId, string agentId, CancellationToken cancellationToken) =>
        await workloads.Agents.FindAsync([tenantId, executionId], cancellationToken)
        ?? workloads.Agents.Add(new AgentRun { TenantId = tenantId, ExecutionId = executionId, AgentId = agentId }).Entity;
}

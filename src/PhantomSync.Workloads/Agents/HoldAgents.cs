using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.Workloads.Tenants;

namespace PhantomSync.Workloads.Agents;

/// <summary>A suspended tenant's agents are stopped; when the suspension ends, those run again that have not ended.</summary>
public sealed class HoldAgents(WorkloadsDbContext workloads, CascadeAnswers answers) : IConsumer<StopTenantAgents>, IConsumer<RestartTenantAgents>
{
    public Task Consume(ConsumeContext<StopTenantAgents> context) =>
        answers.AnswerAsync(context, CascadeService.Agents, CascadeAction.Suspend, "executions", RunningAsync, RunningAsync);

    public Task Consume(ConsumeContext<RestartTenantAgents> context) =>
        answers.AnswerAsync(context, CascadeService.Agents, CascadeAction.Resume, "executions", RunningAsync, RunningAsync);

    private async Task<List<string>> RunningAsync(ITenantCommand command, CancellationToken cancellationToken)
    {
        await workloads.SaveChangesAsync(cancellationToken);
        return await workloads.Agents.Where(run => run.TenantId == command.TenantId && run.StartedAt != null && run.EndedAt == null).OrderBy(run => run.ExecutionId).Select(run => run.ExecutionId).ToListAsync(cancellationToken);
    }
}

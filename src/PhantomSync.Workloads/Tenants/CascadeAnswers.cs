using System.Text.Json;
using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Workloads.Tenants;

/// <summary>Carries a command out and answers it, in the command's own transaction.</summary>
public sealed class CascadeAnswers(WorkloadsDbContext workloads, TimeProvider time)
{
    /// <summary>How many names an answer lists at most.</summary>
    private const int LongestList = 100;

    /// <param name="context">The command.</param>
    /// <param name="service">Who answers: one of <see cref="CascadeService"/>.</param>
    /// <param name="action">One of <see cref="CascadeAction"/>.</param>
    /// <param name="what">What the names are, such as <c>jobs</c>.</param>
    /// <param name="carryOut">What is done where the command is ahead; returns the names of what is affected.</param>
    /// <param name="look">The names of what a repeated command affects.</param>
    internal async Task AnswerAsync<T>(
        ConsumeContext<T> context, string service, string action, string what, Func<ITenantCommand, CancellationToken, Task<List<string>>> carryOut, Func<ITenantCommand, CancellationToken, Task<List<string>>> look)
        where T : class, ITenantCommand
    {
        var command = context.Message;
        var standing = await workloads.Standings.FindAsync([service, command.TenantId], context.CancellationToken)
            ?? workloads.Standings.Add(new WorkloadStanding { Service = service, TenantId = command.TenantId }).Entity;
        var outcome = StandingRules.Follow(standing, CascadePosition.Of(command.Suspension, action), time.GetUtcNow());
        var names = await (outcome == CascadeOutcome.Done ? carryOut : look)(command, context.CancellationToken);
        await context.Publish(
            new TenantCascadeStepDone
            {
                TenantId = command.TenantId,
                Suspension = command.Suspension,
                Action = action,
                Service = service,
                Outcome = outcome,
                Affected = (ulong)names.Count,
                Details = JsonSerializer.SerializeToElement(new Dictionary<string, List<string>>(StringComparer.Ordinal) { [what] = [.. names.Take(LongestList)] }),
            },
            context.CancellationToken);
    }
}

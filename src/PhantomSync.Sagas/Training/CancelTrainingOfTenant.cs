using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Training;

/// <summary>
/// A suspended tenant's running jobs are cancelled, each by a command of its own. They are looked for again when every service
/// has stopped: a job that was just being started when the suspension came is found then.
/// </summary>
public sealed class CancelTrainingOfTenant(RunningTraining running) : IConsumer<TenantSuspended>, IConsumer<TenantSuspensionCompleted>
{
    public Task Consume(ConsumeContext<TenantSuspended> context) =>
        CancelAsync(context, context.Message.TenantId, $"tenant suspended: {context.Message.SuspensionReason}", context.Message.SuspendedBy);

    public async Task Consume(ConsumeContext<TenantSuspensionCompleted> context)
    {
        if (await running.SuspensionOfAsync(context.Message.TenantId, context.CancellationToken) is { } suspension)
            await CancelAsync(context, context.Message.TenantId, $"tenant suspended: {suspension.Reason}", suspension.SuspendedBy);
    }

    private async Task CancelAsync(ConsumeContext context, string tenantId, string reason, string by)
    {
        foreach (var job in await running.OfTenantAsync(tenantId, context.CancellationToken))
            await context.Publish(RunningTraining.Cancel(job, CancellationCause.TenantSuspended, reason, by), context.CancellationToken);
    }
}

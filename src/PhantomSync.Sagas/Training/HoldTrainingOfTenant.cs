using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Training;

/// <summary>
/// A suspended tenant's running jobs are cancelled, paused or left to finish, as the suspension's policy has it, each by a command of
/// its own; those that were paused go on when it ends. They are looked for again when every service has followed: a job that was
/// just being started when the suspension came, or paused when it ended, is found then.
/// </summary>
public sealed class HoldTrainingOfTenant(RunningTraining running) :
    IConsumer<StopTenantTraining>, IConsumer<TenantSuspensionCompleted>, IConsumer<AllowTenantTraining>, IConsumer<TenantResumed>
{
    public Task Consume(ConsumeContext<StopTenantTraining> context) => HoldAsync(context, context.Message.TenantId, context.Message.Suspension);

    public Task Consume(ConsumeContext<TenantSuspensionCompleted> context) => HoldAsync(context, context.Message.TenantId, context.Message.Suspension);

    public async Task Consume(ConsumeContext<AllowTenantTraining> context)
    {
        if (context.Message.Policy == TrainingPolicy.Pause)
            await TellAsync(context, await running.OfTenantAsync(context.Message.TenantId, context.CancellationToken), job => HoldRules.Release(job, context.Message.Suspension));
    }

    public async Task Consume(ConsumeContext<TenantResumed> context) =>
        await TellAsync(context, await running.HeldOfTenantAsync(context.Message.TenantId, context.CancellationToken), job => HoldRules.Release(job, context.Message.Suspension));

    /// <summary>A command that comes when its suspension is over stops nothing.</summary>
    private async Task HoldAsync(ConsumeContext context, string tenantId, uint number)
    {
        if (await running.SuspensionOfAsync(tenantId, context.CancellationToken) is { } suspension && suspension.Suspension == number)
            await TellAsync(context, await running.OfTenantAsync(tenantId, context.CancellationToken), job => HoldRules.Hold(job, suspension));
    }

    private static async Task TellAsync(ConsumeContext context, List<TrainingLifecycleState> jobs, Func<TrainingLifecycleState, ISyncEvent?> what)
    {
        foreach (var job in jobs)
        {
            if (what(job) is { } told)
                await context.Publish(told, told.GetType(), context.CancellationToken);
        }
    }
}

using MassTransit;
using PhantomSync.Contracts;
using PhantomSync.Sagas.Tenants;

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

    /// <summary>Running ones are told, too: a command to pause them may be under way still.</summary>
    public Task Consume(ConsumeContext<AllowTenantTraining> context) => context.Message.Policy == TrainingPolicy.Pause
        ? ReleaseAsync(context, context.Message.TenantId, context.Message.Suspension, _ => true)
        : Task.CompletedTask;

    public Task Consume(ConsumeContext<TenantResumed> context) =>
        ReleaseAsync(context, context.Message.TenantId, context.Message.Suspension, job => job.Status == TrainingStatus.Paused);

    /// <summary>A command that comes when its suspension is over stops nothing.</summary>
    private async Task HoldAsync(ConsumeContext context, string tenantId, uint number)
    {
        if (await running.SuspensionOfAsync(tenantId, context.CancellationToken) is not { } suspension || suspension.Suspension != number)
            return;
        if (suspension.TrainingPolicy == TrainingPolicy.Finish)
        {
            // What the suspension before has paused, and whose end was overtaken.
            await ReleaseAsync(context, tenantId, number - 1, job => job.Status == TrainingStatus.Paused);
            return;
        }

        var reason = $"tenant suspended: {suspension.Reason}";
        foreach (var job in await running.OfTenantAsync(tenantId, context.CancellationToken))
        {
            if (suspension.TrainingPolicy == TrainingPolicy.Cancel)
                await context.Publish(RunningTraining.Cancel(job, CancellationCause.TenantSuspended, reason, suspension.SuspendedBy), context.CancellationToken);
            else if (job.SuspensionStep < CascadePosition.Of(number, CascadeAction.Suspend).Step)
                await context.Publish(Pause(job, number, reason, suspension.SuspendedBy), context.CancellationToken);
        }
    }

    private async Task ReleaseAsync(ConsumeContext context, string tenantId, uint number, Func<TrainingLifecycleState, bool> which)
    {
        foreach (var job in (await running.OfTenantAsync(tenantId, context.CancellationToken)).Where(which))
        {
            if (job.SuspensionStep < CascadePosition.Of(number, CascadeAction.Resume).Step)
                await context.Publish(Resume(job, number), context.CancellationToken);
        }
    }

    private static PauseTrainingJob Pause(TrainingLifecycleState job, uint number, string reason, string by) =>
        new() { TenantId = job.TenantId, ModelId = job.ModelId, JobId = job.JobId, Suspension = number, Reason = reason, RequestedBy = by };

    private static ResumeTrainingJob Resume(TrainingLifecycleState job, uint number) =>
        new() { TenantId = job.TenantId, ModelId = job.ModelId, JobId = job.JobId, Suspension = number, RequestedBy = SagasModule.ServiceName };
}

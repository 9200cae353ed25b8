using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.Workloads.Tenants;

namespace PhantomSync.Workloads.Training;

/// <summary>
/// A suspended tenant's running jobs are stopped, and none may start until the suspension ends. A stopped job has lost its
/// machine and does not go on by itself; the answer names it, so that it can be started again.
/// </summary>
public sealed class HoldTraining(WorkloadsDbContext workloads, CascadeAnswers answers) : IConsumer<StopTenantTraining>, IConsumer<AllowTenantTraining>
{
    public Task Consume(ConsumeContext<StopTenantTraining> context) =>
        answers.AnswerAsync(
            context, CascadeService.Training, CascadeAction.Suspend, "stopped_jobs", (command, cancellationToken) => StopAsync(context, command, cancellationToken), StoppedAsync);

    public Task Consume(ConsumeContext<AllowTenantTraining> context) =>
        answers.AnswerAsync(context, CascadeService.Training, CascadeAction.Resume, "stopped_jobs", StoppedAsync, StoppedAsync);

    /// <summary>Each is cancelled with its saga, too, which may not have heard of its start yet.</summary>
    private async Task<List<string>> StopAsync(ConsumeContext<StopTenantTraining> context, ITenantCommand command, CancellationToken cancellationToken)
    {
        await workloads.SaveChangesAsync(cancellationToken);

        // The training saga, which hears of the suspension too, may have cancelled some of them already.
        var jobs = await workloads.Jobs
            .Where(job => job.TenantId == command.TenantId
                && (job.Status == JobStatus.Running
                    || (job.Status == JobStatus.Stopped && job.StoppedBySuspension == null && job.Cause == CancellationCause.TenantSuspended)))
            .OrderBy(job => job.JobId).ToListAsync(cancellationToken);
        foreach (var job in jobs)
        {
            if (job.Status == JobStatus.Running)
                await context.Publish(Cancel(job, context.Message.Reason), cancellationToken);
            (job.Status, job.StoppedBySuspension) = (JobStatus.Stopped, command.Suspension);
        }

        return [.. jobs.Select(job => job.JobId)];
    }

    private async Task<List<string>> StoppedAsync(ITenantCommand command, CancellationToken cancellationToken)
    {
        await workloads.SaveChangesAsync(cancellationToken);
        return await workloads.Jobs.Where(job => job.TenantId == command.TenantId && job.StoppedBySuspension == command.Suspension).OrderBy(job => job.JobId).Select(job => job.JobId).ToListAsync(cancellationToken);
    }

    private static CancelTrainingJob Cancel(TrainingJob job, string reason) => new()
    {
        TenantId = job.TenantId,
        ModelId = job.ModelId,
        JobId = job.JobId,
        Attempt = (uint)job.Attempts,
        Cause = CancellationCause.TenantSuspended,
        Reason = $"tenant suspended: {reason}",
        RequestedBy = WorkloadsModule.ServiceName,
    };
}

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
        answers.AnswerAsync(context, CascadeService.Training, CascadeAction.Suspend, "stopped_jobs", StopAsync, StoppedAsync);

    public Task Consume(ConsumeContext<AllowTenantTraining> context) =>
        answers.AnswerAsync(context, CascadeService.Training, CascadeAction.Resume, "stopped_jobs", StoppedAsync, StoppedAsync);

    private async Task<List<string>> StopAsync(ITenantCommand command, CancellationToken cancellationToken)
    {
        await workloads.SaveChangesAsync(cancellationToken);

        // The training saga, which hears of the suspension too, may have cancelled some of them already.
        var jobs = await workloads.Jobs
            .Where(job => job.TenantId == command.TenantId
                && (job.Status == JobStatus.Running
                    || (job.Status == JobStatus.Stopped && job.StoppedBySuspension == null && job.Cause == CancellationCause.TenantSuspended)))
            .OrderBy(job => job.JobId).ToListAsync(cancellationToken);
        foreach (var job in jobs)
            (job.Status, job.StoppedBySuspension) = (JobStatus.Stopped, command.Suspension);
        return [.. jobs.Select(job => job.JobId)];
    }

    private async Task<List<string>> StoppedAsync(ITenantCommand command, CancellationToken cancellationToken)
    {
        await workloads.SaveChangesAsync(cancellationToken);
        return await workloads.Jobs.Where(job => job.TenantId == command.TenantId && job.StoppedBySuspension == command.Suspension).OrderBy(job => job.JobId).Select(job => job.JobId).ToListAsync(cancellationToken);
    }
}

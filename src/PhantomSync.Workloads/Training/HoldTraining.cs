using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Workloads.Tenants;

namespace PhantomSync.Workloads.Training;

/// <summary>
/// A suspended tenant's running jobs are stopped, paused or left to finish, as the command has it, and none may start until the
/// suspension ends. A stopped job has lost its machine and does not go on by itself; the answer names it, so that it can be started
/// again. A paused one goes on at the end.
/// </summary>
public sealed class HoldTraining(WorkloadsDbContext workloads, CascadeAnswers answers) : IConsumer<StopTenantTraining>, IConsumer<AllowTenantTraining>
{
    public Task Consume(ConsumeContext<StopTenantTraining> context)
    {
        var policy = PolicyOf(context.Message.Policy);
        return answers.AnswerAsync(
            context,
            CascadeService.Training,
            CascadeAction.Suspend,
            policy switch { TrainingPolicy.Pause => "paused_jobs", TrainingPolicy.Finish => "running_jobs", _ => "stopped_jobs" },
            (command, cancellationToken) => HoldAsync(context, policy, cancellationToken),
            Affected(policy));
    }

    public Task Consume(ConsumeContext<AllowTenantTraining> context)
    {
        var policy = PolicyOf(context.Message.Policy);
        return answers.AnswerAsync(
            context,
            CascadeService.Training,
            CascadeAction.Resume,
            policy switch { TrainingPolicy.Pause => "resumed_jobs", TrainingPolicy.Finish => "running_jobs", _ => "stopped_jobs" },
            (command, cancellationToken) => ReleaseAsync(context, policy, cancellationToken),
            Affected(policy));
    }

    /// <summary>The saga of each is told, too: it may not have heard of the job's start yet.</summary>
    private async Task<List<string>> HoldAsync(ConsumeContext<StopTenantTraining> context, string policy, CancellationToken cancellationToken)
    {
        var command = context.Message;
        await workloads.SaveChangesAsync(cancellationToken);
        if (policy == TrainingPolicy.Finish)
        {
            // The end of the suspension before may have been overtaken.
            await ResumeAsync(context, await PausedAsync(command.TenantId, cancellationToken), command.Suspension - 1, cancellationToken);
            return await RunningAsync(command, cancellationToken);
        }

        // The training saga, which hears of the suspension too, may have cancelled some of them already.
        var jobs = await workloads.Jobs
            .Where(job => job.TenantId == command.TenantId
                && (job.Status == JobStatus.Running || job.Status == JobStatus.Paused
                    || (job.Status == JobStatus.Stopped && job.StoppedBySuspension == null && job.Cause == CancellationCause.TenantSuspended)))
            .OrderBy(job => job.JobId).ToListAsync(cancellationToken);
        if (policy == TrainingPolicy.Pause)
            jobs.RemoveAll(job => job.Status == JobStatus.Stopped);
        foreach (var job in jobs)
        {
            if (policy == TrainingPolicy.Pause)
                await context.Publish(Pause(job, command), cancellationToken);
            else if (job.Status != JobStatus.Stopped)
                await context.Publish(Cancel(job, command.Reason), cancellationToken);
            (job.Status, job.StoppedBySuspension) = (policy == TrainingPolicy.Pause ? JobStatus.Paused : JobStatus.Stopped, command.Suspension);
        }

        return [.. jobs.Select(job => job.JobId)];
    }

    private async Task<List<string>> ReleaseAsync(ConsumeContext<AllowTenantTraining> context, string policy, CancellationToken cancellationToken)
    {
        var command = context.Message;
        await workloads.SaveChangesAsync(cancellationToken);
        var paused = await PausedAsync(command.TenantId, cancellationToken);
        await ResumeAsync(context, paused, command.Suspension, cancellationToken);
        return policy == TrainingPolicy.Pause ? [.. paused.Select(job => job.JobId)] : await Affected(policy)(command, cancellationToken);
    }

    private static async Task ResumeAsync(ConsumeContext context, List<TrainingJob> paused, uint suspension, CancellationToken cancellationToken)
    {
        foreach (var job in paused)
        {
            job.Status = JobStatus.Running;
            await context.Publish(Resume(job, suspension), cancellationToken);
        }
    }

    private Task<List<TrainingJob>> PausedAsync(string tenantId, CancellationToken cancellationToken) =>
        workloads.Jobs.Where(job => job.TenantId == tenantId && job.Status == JobStatus.Paused).OrderBy(job => job.JobId).ToListAsync(cancellationToken);

    /// <summary>Names the jobs that a command of that policy is about.</summary>
    private Func<ITenantCommand, CancellationToken, Task<List<string>>> Affected(string policy) => policy == TrainingPolicy.Finish ? RunningAsync : HeldAsync;

    private async Task<List<string>> HeldAsync(ITenantCommand command, CancellationToken cancellationToken)
    {
        await workloads.SaveChangesAsync(cancellationToken);
        return await workloads.Jobs.Where(job => job.TenantId == command.TenantId && job.StoppedBySuspension == command.Suspension).OrderBy(job => job.JobId).Select(job => job.JobId).ToListAsync(cancellationToken);
    }

    private async Task<List<string>> RunningAsync(ITenantCommand command, CancellationToken cancellationToken)
    {
        await workloads.SaveChangesAsync(cancellationToken);
        return await workloads.Jobs.Where(job => job.TenantId == command.TenantId && job.Status == JobStatus.Running).OrderBy(job => job.JobId).Select(job => job.JobId).ToListAsync(cancellationToken);
    }

    /// <exception cref="SetAsideException">There is no such policy.</exception>
    private static string PolicyOf(string? policy) => policy is null ? TrainingPolicy.Cancel
        : TrainingPolicy.All.Contains(policy) ? policy
        : throw new SetAsideException($"policy is '{policy}'; expected is {string.Join(", ", TrainingPolicy.All)}. Nothing was stopped.");

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

    private static PauseTrainingJob Pause(TrainingJob job, StopTenantTraining command) => new()
    {
        TenantId = job.TenantId,
        ModelId = job.ModelId,
        JobId = job.JobId,
        Suspension = command.Suspension,
        Reason = $"tenant suspended: {command.Reason}",
        RequestedBy = WorkloadsModule.ServiceName,
    };

    private static ResumeTrainingJob Resume(TrainingJob job, uint suspension) => new()
    {
        TenantId = job.TenantId,
        ModelId = job.ModelId,
        JobId = job.JobId,
        Suspension = suspension,
        RequestedBy = WorkloadsModule.ServiceName,
    };
}

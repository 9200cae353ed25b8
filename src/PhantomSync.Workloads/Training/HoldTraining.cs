using System.Linq.Expressions;
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

    private async Task<List<string>> HoldAsync(ConsumeContext<StopTenantTraining> context, string policy, CancellationToken cancellationToken)
    {
        var jobs = await JobsAsync(
            context.Message, job => job.Status == JobStatus.Running || job.Status == JobStatus.Paused || (job.Status == JobStatus.Stopped && job.StoppedBySuspension == null), cancellationToken);
        foreach (var job in jobs.Where(job => HoldRules.Concerns(job, policy)))
        {
            if (HoldRules.Hold(job, policy, context.Message) is { } told)
                await context.Publish(told, told.GetType(), cancellationToken);
        }

        return await Affected(policy)(context.Message, cancellationToken);
    }

    private async Task<List<string>> ReleaseAsync(ConsumeContext<AllowTenantTraining> context, string policy, CancellationToken cancellationToken)
    {
        var paused = await JobsAsync(context.Message, job => job.Status == JobStatus.Paused, cancellationToken);
        foreach (var job in paused)
            await context.Publish(HoldRules.Release(job, context.Message.Suspension), cancellationToken);
        return policy == TrainingPolicy.Pause ? paused.ConvertAll(job => job.JobId) : await Affected(policy)(context.Message, cancellationToken);
    }

    /// <summary>Names the jobs that a command of that policy is about.</summary>
    private Func<ITenantCommand, CancellationToken, Task<List<string>>> Affected(string policy) => async (command, cancellationToken) =>
    {
        var jobs = policy == TrainingPolicy.Finish
            ? await JobsAsync(command, job => job.Status == JobStatus.Running, cancellationToken)
            : await JobsAsync(command, job => job.StoppedBySuspension == command.Suspension, cancellationToken);
        return jobs.ConvertAll(job => job.JobId);
    };

    private async Task<List<TrainingJob>> JobsAsync(ITenantCommand command, Expression<Func<TrainingJob, bool>> which, CancellationToken cancellationToken)
    {
        await workloads.SaveChangesAsync(cancellationToken);
        return await workloads.Jobs.Where(job => job.TenantId == command.TenantId).Where(which).OrderBy(job => job.JobId).ToListAsync(cancellationToken);
    }

    /// <exception cref="SetAsideException">There is no such policy.</exception>
    private static string PolicyOf(string? policy) => policy is null ? TrainingPolicy.Cancel
        : TrainingPolicy.All.Contains(policy) ? policy
        : throw new SetAsideException($"policy is '{policy}'; expected is {string.Join(", ", TrainingPolicy.All)}. Nothing was stopped.");
}

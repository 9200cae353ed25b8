using MassTransit;
using PhantomSync.Contracts;
using PhantomSync.Workloads.Tenants;

namespace PhantomSync.Workloads.Training;

/// <summary>Which training jobs run. One that is started for a suspended tenant is stopped at once.</summary>
public sealed class TrackTraining(WorkloadsDbContext workloads, QuotaCheck quota) :
    IConsumer<TrainingJobStarted>, IConsumer<TrainingJobCompleted>, IConsumer<TrainingJobFailed>, IConsumer<TrainingJobCancelled>
{
    public async Task Consume(ConsumeContext<TrainingJobStarted> context)
    {
        var started = context.Message;
        var job = await FindOrAddAsync(started.TenantId, started.JobId, started.ModelId, context.CancellationToken);
        var at = started.SyncMetadata.OccurredAt.ToDateTimeOffset();
        if (job.StartedAt >= at)
            return;
        var ended = job.StartedAt is null && job.EndedAt is not null;
        (job.StartedAt, job.Attempts, job.Cause) = (at, job.Attempts + 1, ended ? job.Cause : null);
        if (ended)
            return;
        var standing = await workloads.Standings.FindAsync([CascadeService.Training, started.TenantId], context.CancellationToken);
        (job.Status, job.StoppedBySuspension) = standing is { IsSuspended: true }
            ? (JobStatus.Stopped, (long?)new CascadePosition(standing.Step).Suspension)
            : (JobStatus.Running, null);
        if (job.Status == JobStatus.Running)
            await quota.StartedAsync(context, job);
    }

    public Task Consume(ConsumeContext<TrainingJobCompleted> context) =>
        EndAsync(context.Message.TenantId, context.Message.JobId, context.Message.ModelId, JobStatus.Ended, context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<TrainingJobFailed> context) =>
        EndAsync(context.Message.TenantId, context.Message.JobId, context.Message.ModelId, JobStatus.Ended, context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<TrainingJobCancelled> context) =>
        EndAsync(context.Message.TenantId, context.Message.JobId, context.Message.ModelId, JobStatus.Stopped, context.Message, context.CancellationToken);

    private async Task EndAsync(string tenantId, string jobId, string modelId, JobStatus status, ISyncEvent e, CancellationToken cancellationToken)
    {
        var job = await FindOrAddAsync(tenantId, jobId, modelId, cancellationToken);
        job.EndedAt = e.SyncMetadata.OccurredAt.ToDateTimeOffset();
        job.Cause ??= (e as TrainingJobCancelled)?.Cause;
        if (job.Status != JobStatus.Stopped)
            job.Status = status;
    }

    private async Task<TrainingJob> FindOrAddAsync(string tenantId, string jobId, string modelId, CancellationToken cancellationToken) =>
        await workloads.Jobs.FindAsync([tenantId, jobId], cancellationToken)
        ?? workloads.Jobs.Add(new TrainingJob { TenantId = tenantId, JobId = jobId, ModelId = modelId }).Entity;
}

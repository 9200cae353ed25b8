using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;

namespace PhantomSync.Workloads.Training;

/// <summary>
/// Reports a job that is one too many, as an event for whoever acts on it and as an entry for the audit trail. What is used up is
/// counted from the jobs that run, so whatever ends a job gives its place back.
/// </summary>
public sealed class QuotaCheck(WorkloadsDbContext workloads, TimeProvider time)
{
    internal async Task StartedAsync(ConsumeContext<TrainingJobStarted> context, TrainingJob job)
    {
        var cancellationToken = context.CancellationToken;
        if (await workloads.Quotas.FindAsync([job.TenantId], cancellationToken) is not { MaxConcurrentJobs: { } limit } quota)
            return;

        // A concurrency token: of two starts in different partitions the later is judged again.
        quota.Starts++;
        await workloads.SaveChangesAsync(cancellationToken);
        var running = await workloads.Jobs.LongCountAsync(other => other.TenantId == job.TenantId && other.Status == JobStatus.Running, cancellationToken);
        if (running <= limit)
            return;
        await context.Publish(
            new TrainingQuotaExceeded
            {
                JobId = job.JobId,
                ModelId = job.ModelId,
                TenantId = job.TenantId,
                Quota = QuotaRules.MaxConcurrentJobs,
                Limit = (ulong)limit,
                Used = (ulong)running,
            },
            cancellationToken);
        await context.Publish(Entry(job, context.Message.SyncMetadata.EventId), cancellationToken);
    }

    private AuditLogCreated Entry(TrainingJob job, Guid started) => new()
    {
        LogId = $"quota-{started}",
        TenantId = job.TenantId,
        UserId = $"system:{WorkloadsModule.ServiceName}",
        Action = "EXCEED_QUOTA",
        ResourceType = "TRAINING_JOB",
        ResourceId = job.JobId,
        Result = "exceeded",
        Timestamp = Timestamp.From(time.GetUtcNow()),
    };
}

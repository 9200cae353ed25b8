using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.Sagas.Tenants;

namespace PhantomSync.Sagas.Training;

/// <summary>Finds the jobs that a suspension or a deletion stops.</summary>
public sealed class RunningTraining(SagasDbContext sagas)
{
    private static readonly string[] Running = [nameof(TrainingStatus.Started), nameof(TrainingStatus.Stalled), nameof(TrainingStatus.Paused)];
    private static readonly string[] Stopping = [nameof(CascadeStatus.Suspending), nameof(CascadeStatus.Suspended)];

    internal Task<List<TrainingLifecycleState>> OfTenantAsync(string tenantId, CancellationToken cancellationToken) =>
        FindAsync(job => job.TenantId == tenantId && Running.Contains(job.CurrentState), cancellationToken);

    /// <summary>Those that were paused and not told to go on, whatever has become of them: one that failed meanwhile may be started again.</summary>
    internal Task<List<TrainingLifecycleState>> HeldOfTenantAsync(string tenantId, CancellationToken cancellationToken) =>
        FindAsync(job => job.TenantId == tenantId && job.SuspensionStep % 2 == 1, cancellationToken);

    internal Task<List<TrainingLifecycleState>> OfModelAsync(string tenantId, string modelId, CancellationToken cancellationToken) =>
        FindAsync(job => job.TenantId == tenantId && job.ModelId == modelId && Running.Contains(job.CurrentState), cancellationToken);

    /// <summary>The suspension that holds the tenant now; null where none does.</summary>
    internal Task<TenantSuspensionState?> SuspensionOfAsync(string tenantId, CancellationToken cancellationToken) =>
        sagas.Suspensions.AsNoTracking().SingleOrDefaultAsync(tenant => tenant.TenantId == tenantId && Stopping.Contains(tenant.CurrentState), cancellationToken);

    /// <summary>The command that stops this attempt of the job, and no later one.</summary>
    internal static CancelTrainingJob Cancel(TrainingLifecycleState job, string cause, string reason, string by) => new()
    {
        TenantId = job.TenantId,
        ModelId = job.ModelId,
        JobId = job.JobId,
        Attempt = (uint)job.Attempts,
        Cause = cause,
        Reason = reason,
        RequestedBy = by,
    };

    private async Task<List<TrainingLifecycleState>> FindAsync(Expression<Func<TrainingLifecycleState, bool>> which, CancellationToken cancellationToken)
    {
        // What the same micro-batch has started is found, too.
        await sagas.SaveChangesAsync(cancellationToken);
        return await sagas.TrainingJobs.AsNoTracking().Where(which).OrderBy(job => job.JobId).ToListAsync(cancellationToken);
    }
}

using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.Workloads.Training;

namespace PhantomSync.Workloads;

/// <summary>Looks up what works for a tenant in effect: nothing of a service that is suspended for it.</summary>
public sealed class WorkloadDirectory(WorkloadsDbContext workloads)
{
    public async Task<WorkloadsView> OfAsync(string tenantId, CancellationToken cancellationToken = default)
    {
        var held = await workloads.Standings.AsNoTracking().Where(standing => standing.TenantId == tenantId && standing.IsSuspended).Select(standing => standing.Service).ToListAsync(cancellationToken);
        return new WorkloadsView(
            await workloads.Jobs.AsNoTracking().Where(job => job.TenantId == tenantId && job.Status == JobStatus.Running).OrderBy(job => job.JobId).Select(job => job.JobId).ToListAsync(cancellationToken),
            held.Contains(CascadeService.Inference) ? []
                : await workloads.Switches.AsNoTracking().Where(model => model.TenantId == tenantId && model.IsOn && !model.IsDeleted).OrderBy(model => model.ModelId).Select(model => model.ModelId).ToListAsync(cancellationToken),
            held.Contains(CascadeService.Agents) ? []
                : await workloads.Agents.AsNoTracking().Where(run => run.TenantId == tenantId && run.StartedAt != null && run.EndedAt == null).OrderBy(run => run.ExecutionId).Select(run => run.ExecutionId).ToListAsync(cancellationToken),
            !held.Contains(CascadeService.Training));
    }
}

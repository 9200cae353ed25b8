using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Workloads.Training;

/// <summary>How many jobs each tenant may run. A change counts from the next start on.</summary>
public sealed class TrackQuotas(WorkloadsDbContext workloads) : IConsumer<TenantCreated>, IConsumer<TenantUpdated>
{
    public async Task Consume(ConsumeContext<TenantCreated> context) =>
        QuotaRules.Follow(await FindOrAddAsync(context.Message.TenantId, context.CancellationToken), context.Message);

    public async Task Consume(ConsumeContext<TenantUpdated> context)
    {
        if (QuotaRules.Concerns(context.Message, out var limit))
            QuotaRules.Follow(await FindOrAddAsync(context.Message.TenantId, context.CancellationToken), limit);
    }

    private async Task<TenantQuota> FindOrAddAsync(string tenantId, CancellationToken cancellationToken) =>
        await workloads.Quotas.FindAsync([tenantId], cancellationToken) ?? workloads.Quotas.Add(new TenantQuota { TenantId = tenantId }).Entity;
}

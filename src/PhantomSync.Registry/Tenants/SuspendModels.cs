using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Registry.Tenants;

/// <summary>A suspended tenant's models are disabled, those it has and those it gets.</summary>
public sealed class SuspendModels(RegistryDbContext registry) : IConsumer<TenantSuspended>
{
    public async Task Consume(ConsumeContext<TenantSuspended> context)
    {
        var suspended = context.Message;
        var tenant = await registry.Tenants.FindAsync([suspended.TenantId], context.CancellationToken)
            ?? registry.Tenants.Add(new TenantStanding { TenantId = suspended.TenantId }).Entity;
        TenantRules.Suspend(tenant, suspended);
    }
}

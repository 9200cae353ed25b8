using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Host.Publishing;

/// <summary>The way in knows which tenants are suspended.</summary>
internal sealed class FollowSuspensions(IngressDbContext ingress) : IConsumer<TenantSuspended>, IConsumer<TenantUpdated>
{
    public async Task Consume(ConsumeContext<TenantSuspended> context)
    {
        if (await ingress.SuspendedTenants.FindAsync([context.Message.TenantId], context.CancellationToken) is null)
            ingress.SuspendedTenants.Add(new SuspendedTenant { TenantId = context.Message.TenantId });
    }

    public async Task Consume(ConsumeContext<TenantUpdated> context)
    {
        if (CascadePosition.Resumes(context.Message) && await ingress.SuspendedTenants.FindAsync([context.Message.TenantId], context.CancellationToken) is { } tenant)
            ingress.SuspendedTenants.Remove(tenant);
    }
}

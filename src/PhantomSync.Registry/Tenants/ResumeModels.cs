using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Registry.Tenants;

/// <summary>A tenant that is active again has its models back as they were.</summary>
public sealed class ResumeModels(RegistryDbContext registry) : IConsumer<TenantUpdated>
{
    public async Task Consume(ConsumeContext<TenantUpdated> context)
    {
        var updated = context.Message;
        if (CascadePosition.Resumes(updated) && await registry.Tenants.FindAsync([updated.TenantId], context.CancellationToken) is { } tenant)
            TenantRules.Resume(tenant, updated);
    }
}

using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>
/// Keeps a context's directory of tenants: which are known, their tiers, and which are deleted. Any of a tenant's own events makes it known, so
/// one that is older than its log is known with the next of them. The platform has no event for a deletion: an update sets
/// <c>status</c> to <c>deleted</c>, and one that sets it to <c>active</c>, or a new <see cref="TenantCreated"/>, takes that back.
/// The tier is the <c>subscription_tier</c> of either; one that is no text leaves what was.
/// </summary>
/// <typeparam name="TDbContext">Its model must call <c>AddTenantDirectory()</c>. One consumer group keeps it for all of the context's.</typeparam>
public sealed class TrackTenants<TDbContext>(TDbContext context) : IConsumer<TenantCreated>, IConsumer<TenantUpdated>, IConsumer<TenantSuspended>
    where TDbContext : DbContext
{
    public async Task Consume(ConsumeContext<TenantCreated> context)
    {
        var tenant = await FindOrAddAsync(context.Message.TenantId, context.CancellationToken);
        (tenant.Tier, tenant.DeletedAt) = (context.Message.SubscriptionTier, null);
    }

    public async Task Consume(ConsumeContext<TenantUpdated> context)
    {
        var updated = context.Message;
        var tenant = await FindOrAddAsync(updated.TenantId, context.CancellationToken);
        tenant.Tier = Text(updated, "subscription_tier") ?? tenant.Tier;
        if (CascadePosition.Resumes(updated))
            tenant.DeletedAt = null;
        else if (Text(updated, "status") == "deleted")
            tenant.DeletedAt ??= updated.SyncMetadata.OccurredAt.ToDateTimeOffset();
    }

    public Task Consume(ConsumeContext<TenantSuspended> context) => FindOrAddAsync(context.Message.TenantId, context.CancellationToken);

    private static string? Text(TenantUpdated updated, string setting) =>
        updated.Changes.TryGetValue(setting, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private async Task<KnownTenant> FindOrAddAsync(string tenantId, CancellationToken cancellationToken) =>
        await context.FindAsync<KnownTenant>([tenantId], cancellationToken) ?? context.Add(new KnownTenant { TenantId = tenantId }).Entity;
}

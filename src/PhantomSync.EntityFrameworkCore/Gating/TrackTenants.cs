using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>
/// Keeps a context's directory of tenants: which are known, and which are deleted. Any of a tenant's own events makes it known, so
/// one that is older than its log is known with the next of them. The platform has no event for a deletion: an update sets
/// <c>status</c> to <c>deleted</c>, and one that sets it to <c>active</c>, or a new <see cref="TenantCreated"/>, takes that back.
/// </summary>
/// <typeparam name="TDbContext">Its model must call <c>AddTenantDirectory()</c>. One consumer group keeps it for all of the context's.</typeparam>
public sealed class TrackTenants<TDbContext>(TDbContext context) : IConsumer<TenantCreated>, IConsumer<TenantUpdated>, IConsumer<TenantSuspended>
    where TDbContext : DbContext
{
    public async Task Consume(ConsumeContext<TenantCreated> context) =>
        (await FindOrAddAsync(context.Message.TenantId, context.CancellationToken)).DeletedAt = null;

    public async Task Consume(ConsumeContext<TenantUpdated> context)
    {
        var updated = context.Message;
        var tenant = await FindOrAddAsync(updated.TenantId, context.CancellationToken);
        if (CascadePosition.Resumes(updated))
            tenant.DeletedAt = null;
        else if (Deletes(updated))
            tenant.DeletedAt ??= updated.SyncMetadata.OccurredAt.ToDateTimeOffset();
    }

    public Task Consume(ConsumeContext<TenantSuspended> context) => FindOrAddAsync(context.Message.TenantId, context.CancellationToken);

    private static bool Deletes(TenantUpdated updated) =>
        updated.Changes.TryGetValue("status", out var status) && status.ValueKind == JsonValueKind.String && status.ValueEquals("deleted");

    private async Task<KnownTenant> FindOrAddAsync(string tenantId, CancellationToken cancellationToken) =>
        await context.FindAsync<KnownTenant>([tenantId], cancellationToken) ?? context.Add(new KnownTenant { TenantId = tenantId }).Entity;
}

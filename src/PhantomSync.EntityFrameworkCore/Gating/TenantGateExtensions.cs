using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PhantomSync.EntityFrameworkCore.Gating;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Keeps out of a service what may not be done for a tenant as it stands.</summary>
public static class TenantGateExtensions
{
    /// <summary>
    /// While a tenant is suspended, its work is refused where it is published to the outbox of <typeparamref name="TDbContext"/>,
    /// with a <see cref="TenantSuspendedException"/>, and parked where its endpoints read it, with what follows of its key, until
    /// the tenant is active again. Where the context has a directory of tenants (<c>AddTenantDirectory</c>,
    /// <see cref="TrackTenants{TDbContext}"/>), events of a deleted one are refused with a <see cref="TenantDeletedException"/> and discarded
    /// where they are read, and those of an unknown one may be parked (<see cref="TenantGateRules.HoldUnknown"/>). Each is reported with an
    /// <c>AuditLogCreated</c>.
    /// </summary>
    /// <param name="bus">Where the context's outbox is configured.</param>
    /// <param name="suspendedTenants">The tenants that the service's own database knows to be suspended.</param>
    /// <param name="configure">Changes which events are held.</param>
    public static void AddTenantGate<TDbContext>(
        this IBusRegistrationConfigurator bus, Func<TDbContext, IQueryable<string>> suspendedTenants, Action<TenantGateRules>? configure = null)
        where TDbContext : DbContext
    {
        var rules = new TenantGateRules();
        configure?.Invoke(rules);
        var gate = new TenantGate<TDbContext>(suspendedTenants, rules);
        bus.AddSingleton<TenantGate>(gate);
        bus.AddSingleton(provider => new Quarantine<TDbContext>(
            gate,
            provider.GetRequiredService<InboxParts<TDbContext>>().Letters,
            provider.GetRequiredService<OutboxDirectory>().Of(typeof(TDbContext)),
            provider.GetRequiredService<IWireFormat>(),
            provider.GetRequiredService<TimeProvider>()));
        bus.TryAddSingleton<TenantGates>();
        bus.TryAddSingleton<RefusalAudit>();
        bus.AddHostedService(provider => provider.GetRequiredService<RefusalAudit>());
        bus.AddHostedService<QuarantineRelease<TDbContext>>();
    }
}

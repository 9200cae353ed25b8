using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PhantomSync.EntityFrameworkCore.Gating;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Keeps suspended tenants' work out of a service.</summary>
public static class TenantGateExtensions
{
    /// <summary>
    /// While a tenant is suspended, its work is refused where it is published to the outbox of <typeparamref name="TDbContext"/>,
    /// with a <see cref="TenantSuspendedException"/>, and parked where its endpoints read it, with what follows of its key, until
    /// the tenant is active again. Either is reported with an <c>AuditLogCreated</c>.
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
        bus.AddSingleton<TenantGate>(new TenantGate<TDbContext>(suspendedTenants, rules));
        bus.TryAddSingleton<TenantGates>();
        bus.TryAddSingleton<RefusalAudit>();
        bus.AddHostedService(provider => provider.GetRequiredService<RefusalAudit>());
        bus.AddHostedService<QuarantineRelease<TDbContext>>();
    }
}

using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Host.Publishing;

/// <summary>The way in for records that other platforms' services have written.</summary>
internal static class IngressModule
{
    /// <summary>Every host has it, so that what an interrupted command left behind leaves with the next.</summary>
    public static void AddIngressStore(this IBusRegistrationConfigurator bus, Action<DbContextOptionsBuilder> database, Action<EntityFrameworkOutboxConfigurator> outbox)
    {
        bus.AddDbContext<IngressDbContext>(database);
        bus.AddEntityFrameworkOutbox<IngressDbContext>(configure =>
        {
            configure.ServiceName = "ingress";
            outbox(configure);
        });
        bus.AddTenantGate<IngressDbContext>(ingress => ingress.SuspendedTenants.Select(tenant => tenant.TenantId));
    }

    /// <summary>Its consumers, which learn of suspensions and deletions.</summary>
    public static IRiderRegistrationConfigurator AddIngress(this IRiderRegistrationConfigurator rider) =>
        rider.AddService<IngressDbContext>("ingress", service => service.Consumer<FollowSuspensions>().Consumer<TrackTenants<IngressDbContext>>());
}

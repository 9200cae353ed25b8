using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Riding;
using PhantomSync.Tests.Registry;
using PhantomSync.Tests.Riding;
using PhantomSync.Tests.Sagas.Training;

namespace PhantomSync.Tests.Gating;

/// <summary>A gate in front of a context that keeps no directory of tenants.</summary>
[Trait("row", "S12.20")]
public sealed class BareGateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_knows_who_is_suspended_and_asks_for_nothing_else()
    {
        using var store = LedgerStore.Sqlite();
        using var cluster = new MockCluster();
        using var host = Build(store, cluster, null);
        await using (var scope = host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<BareContext>().EnsureTablesAsync(Cancel);
        await host.Services.OutboxReadyAsync<BareContext>(Cancel);
        await using var publishing = host.Services.CreateAsyncScope();
        var publish = publishing.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        await Should.ThrowAsync<TenantSuspendedException>(() => publish.Publish(Job.Started(0), Cancel));
        await publish.Publish(Say.Created("acme", "m"), Cancel);
        await publish.Publish(Job.Started(0, tenant: "globex"), Cancel);
        (await publishing.ServiceProvider.GetRequiredService<BareContext>().SaveChangesAsync(Cancel)).ShouldBe(2);
    }

    [Fact]
    public async Task It_does_not_start_where_unknown_tenants_are_to_be_held()
    {
        using var store = LedgerStore.Sqlite();
        using var cluster = new MockCluster();
        using var host = Build(store, cluster, rules => rules.HoldUnknown());
        (await Should.ThrowAsync<ConfigurationException>(() => host.StartAsync(Cancel))).Message.ShouldBe(
            "AddTenantGate<BareContext>: HoldUnknown() needs a list of the tenants that are known. Call modelBuilder.AddTenantDirectory() in BareContext and add the consumer TrackTenants<BareContext> to its service.");
    }

    private static IHost Build(LedgerStore store, MockCluster cluster, Action<TenantGateRules>? rules)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddDbContext<BareContext>(store.Use);
            bus.AddEntityFrameworkOutbox<BareContext>(outbox =>
            {
                outbox.ServiceName = "bare";
                outbox.UseBusOutbox();
                store.Use(outbox);
            });
            bus.AddTenantGate<BareContext>(bare => bare.Database.SqlQueryRaw<string>("SELECT 'acme' AS Value"), rules);
            bus.UsingInMemory();
            bus.AddRider(rider => rider.UsingKafka((_, kafka) => kafka.Host(cluster.BootstrapServers)));
        });
        return builder.Build();
    }

    private sealed class BareContext(DbContextOptions<BareContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddTransactionalOutboxEntities();
    }
}

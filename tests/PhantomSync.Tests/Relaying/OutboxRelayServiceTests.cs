using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Relaying;
using PhantomSync.Kafka.Producing;
using PhantomSync.Tests.Outbox;

namespace PhantomSync.Tests.Relaying;

public sealed class OutboxRelayServiceTests
{
    [Fact]
    public async Task The_outbox_follows_the_tables_of_its_context_and_is_emptied()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("phantom-").FullName, "shop.db");
        var kafka = new FakeKafka();
        await using var services = Services(kafka, file).BuildServiceProvider();
        var relay = services.GetServices<IHostedService>().OfType<OutboxRelayService<ShopContext>>().Single();
        await relay.StartAsync(TestContext.Current.CancellationToken);
        await using (var scope = services.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<ShopContext>();
            (await context.Database.EnsureCreatedAsync(TestContext.Current.CancellationToken)).ShouldBeTrue("the relay has not been in its way");
            await Wait.ForAsync(async () => await context.Database.SqlQueryRaw<int>("SELECT count(*) AS Value FROM sqlite_master WHERE name = 'outbox_queue'").SingleAsync() == 1);
            context.Orders.Add(new() { Name = "one" });
            context.Outbox.Add(OutboxMessage.Create(OutboxId.Next(DateTimeOffset.UtcNow), "t", "k", [1], [], "E", SyncHold.None, DateTimeOffset.UtcNow));
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        services.GetRequiredService<TransactionalOutbox<ShopContext>>().Signal.Set();
        await kafka.UntilAsync(log => log.Count == 1);
        await relay.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void Settings_that_would_take_live_workers_for_frozen_are_refused()
    {
        using var services = Services(new FakeKafka(), "unused", options => options.FrozenAfter = TimeSpan.FromSeconds(1)).BuildServiceProvider();
        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<TransactionalOutbox<ShopContext>>()).Message.ShouldContain("FrozenAfter");
    }

    private static ServiceCollection Services(IRecordSender sender, string file, Action<OutboxRelayOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDbContext<ShopContext>(options => options.UseSqlite($"Data Source={file};Pooling=False"));
        services.AddSingleton(sender);
        services.AddOutboxRelay<ShopContext>(configure);
        return services;
    }
}

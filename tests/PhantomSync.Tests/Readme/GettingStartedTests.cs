using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Riding;
using PhantomSync.Tests.Relaying;

namespace PhantomSync.Tests.Readme;

/// <summary>The README's way in, word for word, so that it cannot rot.</summary>
public sealed class GettingStartedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_readme_shows_works()
    {
        var directory = Directory.CreateTempSubdirectory("phantom-readme-");
        var log = new VolatileLog();
        await using var broker = await EmbeddedBroker.StartAsync(log, cancellation: Cancellation);
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddEmbeddedBroker(broker, log);
        builder.Services.AddDbContext<MonitoringDbContext>(options => options.UseSqlite($"Data Source={directory.FullName}/monitoring.db"));
        builder.Services.AddSyncEvents(EventCatalogue.Platform.With(
            EventDescriptor.Create("DriftDetected", topic: "phantom.monitoring", key: drift => PartitionKey.Of(drift.TenantId, drift.ModelId), MonitoringJson.Default.DriftDetected)));
        builder.Services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddEntityFrameworkOutbox<MonitoringDbContext>(outbox => outbox.UseSqlite().UseBusOutbox());
            bus.AddRider(rider =>
            {
                rider.AddService<MonitoringDbContext>("monitoring", service => service
                    .Consumer<RaiseAlarm>()
                    .Preload<DriftDetected, Alarm>(drift => [drift.TenantId, drift.ModelId]));
                rider.UsingKafka((context, kafka) => kafka.ConfigureServices(context));
            });
        });
        using var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<MonitoringDbContext>().EnsureTablesAsync(Cancellation);
        await host.StartAsync(Cancellation);

        await using (var scope = host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<MonitoringDbContext>();
            var publish = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
            db.Add(new Alarm { TenantId = "acme", ModelId = "fraud", Score = 0, Acknowledged = true });
            await publish.Publish(new DriftDetected { TenantId = "acme", ModelId = "fraud", Score = 0.93 }, Cancellation);
            await db.SaveChangesAsync(Cancellation);
        }

        await Wait.ForAsync(async () =>
        {
            await using var scope = host.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<MonitoringDbContext>().Alarms.AnyAsync(alarm => alarm.Score == 0.93, Cancellation);
        });
        await host.StopAsync(Cancellation);
        directory.Delete(recursive: true);
    }
}

using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>A host with one of the platform's services, as it is registered in the product; inferences come on the stage's topic.</summary>
internal static class ServiceHost
{
    public static IHost Create(Stage stage, Action<IBusRegistrationConfigurator> stores, Action<IRiderRegistrationConfigurator> service)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical);
        builder.Services.AddSyncEvents(new EventCatalogue(
            EventCatalogue.Platform.Events.Select(e => stage.Catalogue.TryGet(e.EventType, out var own) ? own : e)));
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            stores(bus);
            bus.AddRider(rider =>
            {
                service(rider);
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host(stage.Kafka);
                    kafka.Client.VolatileProfile = stage.IsEmbedded;
                    kafka.TopicDefaults.Create = !stage.IsEmbedded;
                    kafka.TopicDefaults.Partitions = 1;
                    kafka.ConfigureServices(context);
                });
            });
        });
        return builder.Build();
    }
}

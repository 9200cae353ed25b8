using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>A host as users compose it: a service with outbox, relay, consumers and inbox.</summary>
internal static class BenchHost
{
    /// <param name="stage">Database and brokers.</param>
    /// <param name="relay">Whether the relay runs from the start.</param>
    /// <param name="consumers">The service's consumers, if it has any.</param>
    /// <param name="clock">Takes the time of commits.</param>
    public static async Task<IHost> CreateAsync(Stage stage, bool relay, Action<ServiceEndpointConfigurator>? consumers = null, CommitClock? clock = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical);
        builder.Services.AddSyncEvents(stage.Catalogue);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddDbContextPool<BenchContext>(options =>
            {
                options.UseNpgsql(stage.Postgres);
                if (clock is not null)
                    options.AddInterceptors(clock);
            });
            bus.AddEntityFrameworkOutbox<BenchContext>(outbox =>
            {
                outbox.ServiceName = "benchmark";
                outbox.ServiceVersion = "1.0.0";
                outbox.RunRelay = relay;
                outbox.UsePostgres().UseBusOutbox();
            });
            bus.AddRider(rider =>
            {
                if (consumers is not null)
                    rider.AddService<BenchContext>("benchmark", consumers);
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host(stage.Kafka);
                    kafka.Client.VolatileProfile = stage.IsEmbedded;
                    kafka.TopicDefaults.Create = false;
                    kafka.ConfigureServices(context);
                });
            });
        });
        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<BenchContext>().EnsureTablesAsync();
        await host.Services.OutboxReadyAsync<BenchContext>();
        clock?.Reset();
        return host;
    }

    /// <summary>One transaction: a domain row and its event.</summary>
    public static async Task WriteAsync(this IServiceScopeFactory scopes, int number, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<BenchContext>();
        var e = Events.Number(number);
        context.Served.Add(new Served { Id = e.InferenceId, TenantId = e.TenantId, ModelId = e.ModelId, Confidence = e.Confidence });
        await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(e, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
    }
}

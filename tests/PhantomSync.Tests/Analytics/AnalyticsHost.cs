using System.Text;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Analytics;
using PhantomSync.Analytics.Recording;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Health;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Riding;
using PhantomSync.Tests.Kafka;

namespace PhantomSync.Tests.Analytics;

/// <summary>Analytics on Kafka beside a second service, and the hands to feed them.</summary>
internal sealed class AnalyticsHost : IAsyncDisposable
{
    private const int Partitions = 2;

    private readonly MockCluster _cluster;
    private readonly IHost _host;
    private readonly KafkaConnection _connection;
    private readonly KafkaRecordSender _sender;
    private bool _stopped;

    private AnalyticsHost(MockCluster cluster, IHost host)
    {
        _cluster = cluster;
        _host = host;
        _connection = cluster.Connect();
        _sender = new KafkaRecordSender(_connection);
    }

    public IMetricsStore Store => _host.Services.GetRequiredService<IMetricsStore>();

    public IAnalyticsQueries Queries => _host.Services.GetRequiredService<IAnalyticsQueries>();

    /// <summary>Where the brokers are; they stay when the services have stopped.</summary>
    public string Brokers => _cluster.BootstrapServers;

    /// <summary>How many events the other service has seen.</summary>
    public int SeenByTheOther => _host.Services.GetRequiredService<Tally>().Count;

    /// <summary>How many records a group is behind, as far as is known; null where nothing is.</summary>
    public long? Lag(string group) =>
        _host.Services.GetRequiredService<ConsumerLag>().Current.Where(lag => lag.Group == group).Select(lag => (long?)lag.Records).Aggregate((long?)null, (sum, lag) => (sum ?? 0) + lag);

    public static async Task<AnalyticsHost> StartAsync(Action<AnalyticsOptions> configure)
    {
        var cluster = new MockCluster();
        foreach (var topic in EventCatalogue.Platform.Topics.Append(DeadLetterRecord.Topic))
            cluster.CreateTopic(topic, Partitions);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging();
        builder.Services.AddSingleton<Tally>();
        builder.Services.AddSyncEvents(EventCatalogue.Platform);
        builder.Services.AddAnalyticsStore(options =>
        {
            options.RollupInterval = TimeSpan.FromMilliseconds(100);
            configure(options);
        });
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddAnalytics();
                rider.AddService("other", service => service.Consumer<CountInferences>());
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host(cluster.BootstrapServers);
                    kafka.Client.Service = "tests";
                    kafka.Client.VolatileProfile = true;
                    kafka.TopicDefaults.Create = false;
                    kafka.LagInterval = TimeSpan.FromMilliseconds(50);
                    kafka.ConfigureServices(context);
                });
            });
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new AnalyticsHost(cluster, host);
    }

    public Task PublishAsync(params IEnumerable<ISyncEvent> events) => _sender.PublishAsync(events);

    /// <summary>The reasons of all dead letters.</summary>
    public IReadOnlyList<string> DeadLetters() =>
        [.. _connection.ReadAll(DeadLetterRecord.Topic, Partitions).Select(letter => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes("dead_letter_reason")))];

    /// <summary>Lets the services finish what they have in hand, and lets go of the store.</summary>
    public async Task StopServicesAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopServicesAsync();
        await ((IAsyncDisposable)_sender).DisposeAsync();
        _cluster.Dispose();
    }

    internal sealed class Tally
    {
        private int _count;

        public int Count => _count;

        public void Add(int count) => Interlocked.Add(ref _count, count);
    }

    internal sealed class CountInferences(Tally tally) : IConsumer<Batch<InferenceCompleted>>
    {
        public Task Consume(ConsumeContext<Batch<InferenceCompleted>> context)
        {
            tally.Add(context.Message.Length);
            return Task.CompletedTask;
        }
    }
}

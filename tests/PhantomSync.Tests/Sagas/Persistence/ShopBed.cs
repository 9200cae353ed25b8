using System.Globalization;
using System.Text;
using Confluent.Kafka;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Riding;
using PhantomSync.Kafka.Wire;
using PhantomSync.Tests.Kafka;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>A running host whose service is a saga on Kafka, and the hands to feed it and to look at its database.</summary>
internal sealed class ShopBed : IAsyncDisposable
{
    private static readonly SyncEventWireFormat Format = new(ShopEvents.Catalogue);
    private static readonly string[] Topics = [.. ShopEvents.Catalogue.Topics, "phantom.shop.timeouts", "phantom.dead-letters", "phantom.health"];

    private readonly ShopPlan _plan;
    private readonly bool _ownsCluster;
    private readonly KafkaRecordSender _sender;
    private bool _stopped;

    private ShopBed(IHost host, ShopPlan plan, bool ownsCluster)
    {
        (Host, _plan, _ownsCluster) = (host, plan, ownsCluster);
        Connection = plan.Cluster!.Connect();
        _sender = new KafkaRecordSender(Connection);
    }

    public IHost Host { get; }

    public KafkaConnection Connection { get; }

    public IServiceProvider Services => Host.Services;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ShopBed> StartAsync(LedgerStore store, ShopPlan plan)
    {
        var ownsCluster = plan.Cluster is null;
        plan.Cluster ??= new MockCluster();
        foreach (var topic in Topics)
            plan.Cluster.CreateTopic(topic, plan.Partitions);

        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("PhantomSync", LogLevel.Information).AddProvider(TestLog.Instance));
        builder.Services.AddSingleton(plan.Time);
        builder.Services.AddSyncEvents(ShopEvents.Catalogue);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddDbContext<ShopContext>(store.Use);
            bus.AddEntityFrameworkOutbox<ShopContext>(outbox =>
            {
                outbox.ServiceName = "shop";
                outbox.RunRelay = plan.RunRelay;
                outbox.UseBusOutbox();
                store.Use(outbox);
            });
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
            bus.AddRider(rider =>
            {
                rider.AddService<ShopContext>("shop", service =>
                {
                    if (plan.Orders)
                    {
                        service.Saga<OrderMachine, OrderState>(saga => saga.EntityFrameworkRepository(repository =>
                        {
                            repository.ConcurrencyMode = plan.Mode;
                            plan.Repository(repository);
                        }));
                    }

                    plan.Service(service);
                });
                plan.Rider(rider);
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host(plan.Cluster.BootstrapServers);
                    kafka.Client.VolatileProfile = true;
                    kafka.TopicDefaults.Create = false;
                    kafka.TopicDefaults.Partitions = plan.Partitions;
                    kafka.ConfigureServices(context);
                    plan.Kafka(context, kafka);
                });
            });
        });
        var bed = new ShopBed(builder.Build(), plan, ownsCluster);
        await using (var scope = bed.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<ShopContext>().EnsureTablesAsync(Cancel);
        await bed.Services.OutboxReadyAsync<ShopContext>(Cancel);
        await bed.Host.StartAsync(Cancel);
        return bed;
    }

    /// <summary>Puts events into Kafka as another service would, each acknowledged before the next.</summary>
    public async Task ProduceAsync(params IEnumerable<ISyncEvent> messages)
    {
        foreach (var message in messages)
            (await SendAsync(message)).Outcome.ShouldBe(DeliveryOutcome.Stored);
    }

    /// <summary>Puts events into Kafka at full speed, in order per topic and key.</summary>
    public async Task FloodAsync(IEnumerable<ISyncEvent> messages) =>
        (await Task.WhenAll(messages.Select(SendAsync).ToList())).ShouldAllBe(delivery => delivery.Outcome == DeliveryOutcome.Stored);

    public async Task<T> ReadAsync<T>(Func<ShopContext, Task<T>> read)
    {
        await using var scope = Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<ShopContext>());
    }

    public Task<OrderState?> OrderAsync(Guid id) => ReadAsync(shop => shop.Orders.AsNoTracking().SingleOrDefaultAsync(order => order.CorrelationId == id, Cancel));

    public Task<IReadOnlyList<SagaTransition>> HistoryAsync(Guid id) => ReadAsync(async shop => await shop.SagaHistoryAsync<OrderState>(id, Cancel));

    /// <summary>Waits until an instance has so many transitions behind it, and returns them as "from event to".</summary>
    public async Task<List<string>> HistoryAsync(Guid id, int count, double seconds = 20)
    {
        List<string> steps = [];
        await Wait.ForAsync(
            async () => (steps = [.. (await HistoryAsync(id)).Select(step => $"{step.From} {step.Event} {step.To}")]).Count >= count,
            () => Task.FromResult($"{count} transitions are there (now: {string.Join(", ", steps)}; log: {TestLog.Instance.Tail})"),
            seconds);
        steps.Count.ShouldBe(count, string.Join(", ", steps));
        return steps;
    }

    public async Task<long> CountAsync(string table, string where = "1 = 1") => await ReadAsync(async shop =>
    {
        await shop.Database.OpenConnectionAsync(Cancel);
        await using var command = shop.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table} WHERE {where}";
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancel), CultureInfo.InvariantCulture);
    });

    public Task LettersAsync(int count) => Wait.ForAsync(
        async () => await CountAsync("dead_letter") >= count, async () => $"{count} letters (now {await CountAsync("dead_letter")}; log: {TestLog.Instance.Tail})");

    /// <summary>What has left for a topic, once there is so much.</summary>
    public async Task<List<ISyncEvent>> EventsAsync(string topic, int count)
    {
        List<ConsumeResult<byte[], byte[]>> records = [];
        await Wait.ForAsync(
            () => Task.Run(() => (records = Connection.ReadAll(topic, _plan.Partitions)).Count >= count),
            () => Task.FromResult($"{count} records are in {topic}, there are {records.Count}; log: {TestLog.Instance.Tail}"));
        return [.. records.Select(record => ShopEvents.Catalogue.Read(record.Message.Value))];
    }

    /// <summary>Lets the clock of this bed go on until something has come of it.</summary>
    public async Task PassAsync(TimeSpan time, Func<Task<bool>> until, string what)
    {
        var clock = (FakeTimeProvider)_plan.Time;
        clock.Advance(time);
        await Wait.ForAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return await until();
            },
            () => Task.FromResult($"{what} (log: {TestLog.Instance.Tail})"));
    }

    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await Host.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (Host is IAsyncDisposable host)
            await host.DisposeAsync();
        await _sender.DisposeAsync();
        if (_ownsCluster)
            _plan.Cluster!.Dispose();
    }

    /// <summary>The one dead letter there is.</summary>
    public async Task<DeadLetterSummary> LetterAsync()
    {
        await LettersAsync(1);
        return (await Services.GetRequiredService<DeadLetterBox>().ListAsync(cancellationToken: Cancel)).ShouldHaveSingleItem();
    }

    private Task<Delivery> SendAsync(ISyncEvent message)
    {
        var written = Format.Write(message, new WriteContext(null, "tests", "0.0.1", TimeProvider.System));
        return _sender.SendAsync(new OutgoingRecord(written.Type.Topic, Encoding.UTF8.GetBytes(written.Key!), written.Body, WireHeaders.Of(written)));
    }
}

using System.Globalization;
using System.Text;
using Confluent.Kafka;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Riding;
using PhantomSync.Kafka.Wire;
using PhantomSync.Tests.Kafka;

namespace PhantomSync.Tests.Riding;

/// <summary>A running host with one service on Kafka, and the hands to feed it and to look at its database.</summary>
internal sealed class RiderBed : IAsyncDisposable
{
    public const string Models = "phantom.models";

    private static readonly SyncEventWireFormat Format = new(EventCatalogue.Platform);
    private static readonly string[] Topics = [.. Format.Messages.Select(message => message.Topic).Append("phantom.dead-letters").Append("phantom.health").Distinct()];

    private readonly Plan _plan;
    private readonly bool _ownsCluster;
    private readonly KafkaRecordSender _sender;
    private bool _stopped;

    private RiderBed(IHost host, Plan plan, LedgerStore store, bool ownsCluster)
    {
        (Host, _plan, Store, _ownsCluster) = (host, plan, store, ownsCluster);
        Connection = plan.Embedded is null ? plan.Cluster!.Connect() : Brokers.Connect(plan.Embedded);
        _sender = new KafkaRecordSender(Connection);
        Script = host.Services.GetRequiredService<Script>();
    }

    public IHost Host { get; }

    public LedgerStore Store { get; }

    public MockCluster Cluster => _plan.Cluster!;

    public KafkaConnection Connection { get; }

    public Script Script { get; }

    public IServiceProvider Services => Host.Services;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RiderBed> StartAsync(LedgerStore store, Plan? plan = null, Action<Script>? script = null)
    {
        var bed = await CreateAsync(store, plan ?? new Plan());
        script?.Invoke(bed.Script);
        await bed.Host.StartAsync(Cancel);
        return bed;
    }

    /// <summary>Composes the host, with the ledger's own tables made, and does not start it.</summary>
    public static async Task<RiderBed> CreateAsync(LedgerStore store, Plan plan)
    {
        var ownsCluster = plan.Cluster is null && plan.Embedded is null;
        if (ownsCluster)
            plan.Cluster = new MockCluster();
        foreach (var topic in Topics)
            plan.Cluster?.CreateTopic(topic, plan.Partitions);

        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("PhantomSync", LogLevel.Information).AddProvider(TestLog.Instance));
        builder.Services.AddSingleton<Script>();
        if (plan.Embedded is not null)
            builder.Services.AddEmbeddedBroker(plan.Embedded, plan.VolatileLog!);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddDbContext<LedgerContext>(store.Use);
            bus.AddEntityFrameworkOutbox<LedgerContext>(outbox =>
            {
                outbox.ServiceName = "ledger";
                outbox.ServiceVersion = "1.2.3";
                store.Use(outbox);
                plan.Outbox(outbox);
            });
            plan.Bus(bus);
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
            bus.AddRider(rider =>
            {
                if (plan.Consume)
                    rider.AddService<LedgerContext>(plan.Group, plan.Service);
                plan.Rider(rider);
                rider.UsingKafka((context, kafka) =>
                {
                    if (plan.Cluster is not null)
                    {
                        kafka.Host(plan.Cluster.BootstrapServers);
                        kafka.Client.VolatileProfile = true;
                        kafka.TopicDefaults.Create = false;
                    }

                    kafka.TopicDefaults.Partitions = plan.Partitions;
                    kafka.ConfigureServices(context);
                    plan.Kafka(context, kafka);
                });
            });
        });
        plan.Services(builder.Services);
        var bed = new RiderBed(builder.Build(), plan, store, ownsCluster);
        await using var scope = bed.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<LedgerContext>().EnsureTablesAsync(Cancel);
        await bed.Services.OutboxReadyAsync<LedgerContext>(Cancel);
        return bed;
    }

    public static ModelCreated Created(string note, string model = "m", string tenant = "t", SyncMetadata? metadata = null) => new()
    {
        ModelId = model,
        TenantId = tenant,
        Name = note,
        ModelType = "classification",
        Algorithm = "trees",
        CreatedBy = "tests",
        SyncMetadata = metadata ?? SyncMetadata.Unset,
    };

    public static ModelDeleted Deleted(string note, string model = "m", string tenant = "t") =>
        new() { ModelId = model, TenantId = tenant, DeletionReason = note, DeletedBy = "tests" };

    public static OutgoingMessage Written(ISyncEvent message) => Format.Write(message, new WriteContext(null, "tests", "0.0.1", TimeProvider.System));

    /// <summary>Puts events into Kafka as another service would, each acknowledged before the next.</summary>
    public async Task ProduceAsync(params IEnumerable<ISyncEvent> messages)
    {
        foreach (var message in messages)
        {
            var written = Written(message);
            await ProduceAsync(written.Type.Topic, written.Key, written.Body, WireHeaders.Of(written));
        }
    }

    /// <summary>Puts events into Kafka at full speed, in order.</summary>
    public async Task FloodAsync(IEnumerable<ISyncEvent> messages)
    {
        var sent = new List<Task<Delivery>>();
        foreach (var message in messages)
        {
            var written = Written(message);
            sent.Add(_sender.SendAsync(new OutgoingRecord(written.Type.Topic, Bytes(written.Key), written.Body, WireHeaders.Of(written))));
        }

        (await Task.WhenAll(sent)).ShouldAllBe(delivery => delivery.Outcome == DeliveryOutcome.Stored);
    }

    public async Task ProduceAsync(string topic, string? key, byte[] body, Confluent.Kafka.Headers? headers = null) =>
        (await _sender.SendAsync(new OutgoingRecord(topic, Bytes(key), body, headers))).Outcome.ShouldBe(DeliveryOutcome.Stored);

    /// <summary>Publishes in a scope's transaction.</summary>
    public async Task PublishAsync(params IEnumerable<ISyncEvent> messages)
    {
        await using var scope = Services.CreateAsyncScope();
        var publish = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        foreach (var message in messages)
            await publish.Publish((object)message, Cancel);
        await scope.ServiceProvider.GetRequiredService<LedgerContext>().SaveChangesAsync(Cancel);
    }

    public async Task<List<Effect>> EffectsAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<LedgerContext>().Effects.AsNoTracking().OrderBy(effect => effect.Id).ToListAsync(Cancel);
    }

    public async Task<List<string>> NotesAsync() => [.. (await EffectsAsync()).Select(effect => effect.Note)];

    /// <summary>Waits until so many effects are there, and returns their notes in order.</summary>
    public async Task<List<string>> NotesAsync(int count, double seconds = 90)
    {
        await Wait.ForAsync(async () => await CountAsync("effects") >= count, async () => $"{count} effects are there (now: {await CountAsync("effects")}; log: {TestLog.Instance.Tail})", seconds);
        var notes = await NotesAsync();
        notes.Count.ShouldBe(count, $"notes: {string.Join(' ', notes)}");
        return notes;
    }

    public async Task<long> CountAsync(string table, string where = "1 = 1") =>
        Convert.ToInt64(await ScalarAsync($"SELECT count(*) FROM {table} WHERE {where}"), CultureInfo.InvariantCulture);

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var scope = Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<LedgerContext>();
        await context.Database.OpenConnectionAsync(Cancel);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Cancel);
    }

    public Task LettersAsync(int count, string where = "1 = 1") =>
        Wait.ForAsync(async () => await CountAsync("dead_letter", where) >= count, async () => $"{count} letters where {where} (now {await CountAsync("dead_letter")})");

    /// <summary>What the relay has put into the topic, in offset order per partition, once there is so much.</summary>
    public async Task<List<ConsumeResult<byte[], byte[]>>> RecordsAsync(int count, string topic = Models)
    {
        var records = new List<ConsumeResult<byte[], byte[]>>();
        await Wait.ForAsync(
            () => Task.Run(() => (records = Connection.ReadAll(topic, _plan.Partitions)).Count >= count),
            () => Task.FromResult($"{count} records are in {topic}, there are {records.Count}"));
        return records;
    }

    /// <summary>The offset up to which the group has committed; -1 where it has not.</summary>
    public async Task<long> CommittedAsync(int partition = 0)
    {
        using var admin = Connection.BuildAdmin();
        var at = new TopicPartition(Models, partition);
        var groups = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(_plan.Group, [at])]);
        var offset = groups[0].Partitions[0].Offset;
        return offset.IsSpecial ? -1 : offset.Value;
    }

    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        if (Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested)
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

    private static byte[]? Bytes(string? key) => key is null ? null : Encoding.UTF8.GetBytes(key);
}

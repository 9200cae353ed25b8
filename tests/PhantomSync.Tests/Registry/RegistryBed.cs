using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Conflicts;
using PhantomSync.Conflicts.Resolving;
using PhantomSync.Contracts;
using PhantomSync.Contracts.Conflicts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Riding;
using PhantomSync.Registry;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Relaying;
using Timestamp = PhantomSync.Contracts.Timestamp;

namespace PhantomSync.Tests.Registry;

/// <summary>The registry in a host of its own, and a producer that says what other services would.</summary>
public sealed class RegistryBed : IAsyncDisposable
{
    public const int Partitions = 4;

    private readonly EmbeddedBroker _broker;
    private readonly IHost _host;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly Action _cleanUp;
    /// <summary>Tenant and idempotency key of what was said: what the inbox remembers.</summary>
    private readonly HashSet<(string Tenant, string Key)> _said = [];

    private RegistryBed(EmbeddedBroker broker, IHost host, Action cleanUp)
    {
        (_broker, _host, _cleanUp) = (broker, host, cleanUp);
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, LingerMs = 5, Partitioner = Partitioner.Murmur2Random }).Build();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RegistryBed> PostgresAsync(PostgresServer server)
    {
        var connection = await server.CreateDatabaseAsync();
        return await StartAsync(options => options.UseNpgsql(connection), outbox => outbox.UsePostgres(), () => { });
    }

    public static async Task<RegistryBed> SqliteAsync()
    {
        var directory = Directory.CreateTempSubdirectory("phantom-registry-");
        return await StartAsync(
            options => options.UseSqlite($"Data Source={directory.FullName}/registry.db;Pooling=False"), outbox => outbox.UseSqlite(), () => directory.Delete(recursive: true));
    }

    /// <summary>The event as another service publishes it.</summary>
    public static T From<T>(T e, string service = "model-service")
        where T : ISyncEvent
    {
        var id = Guid.CreateVersion7();
        return (T)e.WithMetadata(SyncMetadata.Unset with
        {
            EventId = id,
            SourceService = service,
            SourceVersion = "1.0.0",
            OccurredAt = Timestamp.From(DateTimeOffset.UtcNow).ToMicroseconds(),
            TenantId = e.TenantId,
            IdempotencyKey = $"{service}:{id}",
        });
    }

    /// <summary>Says events, in this order per key, and waits until the registry has handled them.</summary>
    public async Task SayAsync(params IEnumerable<ISyncEvent> events)
    {
        foreach (var e in events)
        {
            var said = e.SyncMetadata.EventId == Guid.Empty ? From(e) : e;
            Remember(said);
            await ProduceAsync(said);
        }

        await SettledAsync();
    }

    /// <summary>Waits until nothing that was said or announced is still on its way.</summary>
    public async Task SettledAsync()
    {
        // One more event behind all others of each partition: once it is in the inbox, so are they.
        foreach (var topic in (string[])["phantom.models", "phantom.tenants", "phantom.inference"])
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                var marker = Marker(topic, $"marker-{partition}");
                Remember(marker);
                await ProduceAsync(marker, partition);
            }
        }

        await Wait.ForAsync(() => ReadAsync(async registry =>
            await CountAsync(registry, "outbox_message") == 0
            && await CountAsync(registry, registry.Database.IsNpgsql() ? "inbox" : "inbox_1") == _said.Count + await registry.Versions.CountAsync(Cancellation)), seconds: 60);
    }

    public async Task<T> ReadAsync<T>(Func<RegistryDbContext, Task<T>> read) => await UseAsync<RegistryDbContext, T>(read);

    /// <summary>Works with a service in a scope of its own.</summary>
    public async Task<T> UseAsync<TService, T>(Func<TService, Task<T>> use)
        where TService : notnull
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _producer.Dispose();
        _host.Dispose();
        await _broker.DisposeAsync();
        _cleanUp();
    }

    private static async Task<long> CountAsync(RegistryDbContext registry, string table)
    {
        await registry.Database.OpenConnectionAsync(Cancellation);
        await using var command = registry.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {(registry.Database.IsNpgsql() ? "registry." : "")}{table}";
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancellation));
    }

    private static ISyncEvent Marker(string topic, string model) => From<ISyncEvent>(topic switch
    {
        "phantom.models" => new ModelDeleted { TenantId = "marker", ModelId = model, DeletionReason = "", DeletedBy = "test" },
        "phantom.tenants" => new TenantUpdated { TenantId = "marker", Changes = new Dictionary<string, JsonElement>(), UpdatedBy = "test" },
        _ => new BatchInferenceCompleted
        {
            TenantId = "marker",
            ModelId = model,
            Version = "v0",
            BatchId = "marker",
            TotalPredictions = 0,
            AverageConfidence = 0,
            TotalTimeMs = 0,
            ResultsLocation = "",
        },
    });

    private void Remember(ISyncEvent e) => _said.Add((e.TenantId, e.SyncMetadata.IdempotencyKey));

    private async Task ProduceAsync(ISyncEvent e, int? partition = null)
    {
        var described = EventCatalogue.Platform.Describe(e);
        var message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(described.KeyOf(e)), Value = EventCatalogue.Platform.Write(e) };
        if (partition is { } exact)
            await _producer.ProduceAsync(new TopicPartition(described.Topic, exact), message, Cancellation);
        else
            _producer.Produce(described.Topic, message);
    }

    private static async Task<RegistryBed> StartAsync(Action<DbContextOptionsBuilder> database, Action<EntityFrameworkOutboxConfigurator> outbox, Action cleanUp)
    {
        var log = new VolatileLog();
        var broker = await EmbeddedBroker.StartAsync(log, cancellation: Cancellation);
        var catalogue = EventCatalogue.Platform.With(ConflictEvents.All);
        await broker.EnsureTopicsAsync(catalogue.Topics, Partitions, Cancellation);
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddEmbeddedBroker(broker, log);
        builder.Services.AddSyncEvents(catalogue);
        builder.Services.AddConflictResolution(options =>
        {
            options.For("ML_MODEL").AwaitMissing(TimeSpan.FromMinutes(10));
            options.For("ML_MODEL", tenant: "careful").Use(ConflictStrategy.ManualResolution);
        });
        builder.Services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddModelRegistryStore(database, outbox);
            bus.AddRider(rider =>
            {
                rider.AddModelRegistry();
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.TopicDefaults.Partitions = Partitions;
                    kafka.ConfigureServices(context);
                });
            });
        });
        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<RegistryDbContext>().EnsureTablesAsync(Cancellation);
        await host.Services.OutboxReadyAsync<RegistryDbContext>(Cancellation);
        await host.StartAsync(Cancellation);
        return new RegistryBed(broker, host, cleanUp);
    }
}

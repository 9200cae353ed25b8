using Confluent.Kafka;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Riding;
using PhantomSync.Tests.Kafka;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Relaying;

namespace PhantomSync.Tests.DeadLetters;

/// <summary>One service on an embedded broker, with a database of its own.</summary>
public sealed class Workshop : IAsyncDisposable
{
    public const string Topic = "phantom.models";
    public const string Tenant = "acme";

    private readonly EmbeddedBroker _broker;
    private readonly DirectoryInfo? _folder;

    private Workshop(IHost host, EmbeddedBroker broker, DirectoryInfo? folder) => (Host, _broker, _folder) = (host, broker, folder);

    public IHost Host { get; }

    public WorkOnPiece.Faults Faults => Host.Services.GetRequiredService<WorkOnPiece.Faults>();

    public DeadLetterBox Box => Host.Services.GetRequiredService<DeadLetterBox>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<Workshop> SqliteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("phantom-letters-");
        return OpenAsync(options => options.UseSqlite($"Data Source={folder.FullName}/workshop.db;Pooling=False"), outbox => outbox.UseSqlite(), folder);
    }

    public static async Task<Workshop> PostgresAsync(PostgresServer server)
    {
        var connection = await server.CreateDatabaseAsync();
        return await OpenAsync(options => options.UseNpgsql(connection), outbox => outbox.UsePostgres(), null);
    }

    /// <summary>An event of a model; its name is what the service writes down.</summary>
    public static ModelDeleted Event(string model, string name, Guid? id = null, string? idempotencyKey = null)
    {
        var eventId = id ?? Guid.CreateVersion7();
        return new ModelDeleted
        {
            ModelId = model,
            TenantId = Tenant,
            DeletionReason = name,
            DeletedBy = "tests",
            SyncMetadata = SyncMetadata.Unset with
            {
                EventId = eventId,
                SourceService = "tests",
                SourceVersion = "1",
                OccurredAt = PhantomSync.Contracts.Timestamp.From(DateTimeOffset.UtcNow),
                TenantId = Tenant,
                IdempotencyKey = idempotencyKey ?? $"tests:{eventId}",
            },
        };
    }

    public Task SendAsync(ModelDeleted piece) => SendAsync(piece.ModelId, EventCatalogue.Platform.Write(piece));

    /// <summary>Puts bytes into the topic, as a producer without any library of ours does.</summary>
    public async Task SendAsync(string model, byte[] body, Confluent.Kafka.Headers? headers = null)
    {
        var key = System.Text.Encoding.UTF8.GetBytes(PartitionKey.Of(Tenant, model));
        var delivery = await Host.Services.GetRequiredService<IRecordSender>().SendAsync(new OutgoingRecord(Topic, key, body, headers));
        delivery.Outcome.ShouldBe(DeliveryOutcome.Stored);
    }

    public List<ConsumeResult<byte[], byte[]>> Log(string topic = Topic) => Host.Services.GetRequiredService<KafkaConnection>().ReadAll(topic, 2);

    /// <summary>What was handled of a model, in order.</summary>
    public async Task<List<string>> HandledAsync(string model)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var pieces = scope.ServiceProvider.GetRequiredService<WorkshopContext>().Pieces;
        return await pieces.Where(piece => piece.Model == model).OrderBy(piece => piece.Sequence).Select(piece => piece.Name).ToListAsync(Cancel);
    }

    public Task UntilHandledAsync(string model, int count) => Wait.ForAsync(async () => (await HandledAsync(model)).Count >= count, seconds: 120);

    public async Task<IReadOnlyList<DeadLetterSummary>> UntilLettersAsync(int count)
    {
        await Wait.ForAsync(async () => (await Box.ListAsync(cancellationToken: Cancel)).Count == count, seconds: 120);
        return await Box.ListAsync(cancellationToken: Cancel);
    }

    /// <summary>Everything sent before is behind the service.</summary>
    public async Task PassAsync(string model)
    {
        await SendAsync(Event(model, "the last"));
        await Wait.ForAsync(async () => (await HandledAsync(model)).Contains("the last"), seconds: 120);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)Host).DisposeAsync();
        await _broker.DisposeAsync();
        _folder?.Delete(recursive: true);
    }

    private static async Task<Workshop> OpenAsync(Action<DbContextOptionsBuilder> database, Action<EntityFrameworkOutboxConfigurator> provider, DirectoryInfo? folder)
    {
        var log = new VolatileLog();
        var broker = await EmbeddedBroker.StartAsync(log, cancellation: Cancel);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddEmbeddedBroker(broker, log);
        builder.Services.AddSingleton<WorkOnPiece.Faults>();
        builder.Services.AddDbContext<WorkshopContext>(database);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddEntityFrameworkOutbox<WorkshopContext>(outbox =>
            {
                outbox.ServiceName = "workshop";
                provider(outbox.UseBusOutbox());
            });
            bus.AddRider(rider =>
            {
                rider.AddService<WorkshopContext>("workshop", service => service
                    .Consumer<WorkOnPiece>()
                    .Options(options => options.RetryInterval = TimeSpan.FromMilliseconds(5)));
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.TopicDefaults.Partitions = 2;
                    kafka.ConfigureServices(context);
                });
            });
        });
        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<WorkshopContext>().EnsureTablesAsync(Cancel);
        await host.StartAsync(Cancel);
        await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Cancel);
        return new Workshop(host, broker, folder);
    }
}

using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using PhantomSync.Conflicts;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Queueing;
using PhantomSync.Conflicts.Resolving;
using PhantomSync.Conflicts.Storing;
using PhantomSync.Contracts;
using PhantomSync.Contracts.Conflicts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Conflicts;

/// <summary>A service that keeps orders, with conflicts beside them, without a broker.</summary>
public sealed class OrderBed : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Action _cleanUp;

    private OrderBed(ServiceProvider services, FakeTimeProvider time, Action cleanUp) => (_services, Time, _cleanUp) = (services, time, cleanUp);

    public FakeTimeProvider Time { get; }

    public ConflictQueue Queue => _services.GetRequiredService<ConflictQueue>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<OrderBed> PostgresAsync(PostgresServer server)
    {
        var connection = await server.CreateDatabaseAsync();
        return await StartAsync(options => options.UseNpgsql(connection), outbox => outbox.UsePostgres(), () => { });
    }

    public static async Task<OrderBed> SqliteAsync()
    {
        var directory = Directory.CreateTempSubdirectory("phantom-orders-");
        return await StartAsync(
            options => options.UseSqlite($"Data Source={directory.FullName}/orders.db;Pooling=False"), outbox => outbox.UseSqlite(), () => directory.Delete(recursive: true));
    }

    /// <summary>Changes arrive, each in a transaction of its own.</summary>
    public async Task<ConflictOutcome> TakeAsync(params ConflictingChange[] changes)
    {
        ConflictOutcome? outcome = null;
        foreach (var change in changes)
            outcome = await WorkAsync((db, resolver) => resolver.DetectAndResolveAsync(db, Changes.Resource, [change], Cancellation));
        return outcome!;
    }

    /// <summary>Does something in a scope, and saves it.</summary>
    public async Task<T> WorkAsync<T>(Func<OrderContext, IConflictResolver, Task<T>> work)
    {
        await using var scope = _services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrderContext>();
        var result = await work(db, scope.ServiceProvider.GetRequiredService<IConflictResolver>());
        await db.SaveChangesAsync(Cancellation);
        return result;
    }

    public Task<T> ReadAsync<T>(Func<OrderContext, Task<T>> read) => WorkAsync((db, _) => read(db));

    public Task<Order> OrderAsync() => ReadAsync(db => db.Orders.AsNoTracking().SingleAsync(Cancellation));

    public Task<List<ConflictRecord>> ConflictsAsync() => ReadAsync(db => db.Conflicts.AsNoTracking().ToListAsync(Cancellation));

    /// <summary>The events that wait in the outbox, in the order of their saving.</summary>
    public async Task<string[]> EventsAsync() =>
        [.. (await ReadAsync(db => db.Outbox.AsNoTracking().ToListAsync(Cancellation))).OrderBy(row => row.Id).Select(row => row.EventType)];

    /// <summary>The events that wait in the outbox, of one type.</summary>
    public async Task<IReadOnlyList<T>> EventsAsync<T>()
        where T : ISyncEvent
    {
        var catalogue = _services.GetRequiredService<EventCatalogue>();
        return [.. (await ReadAsync(db => db.Outbox.AsNoTracking().ToListAsync(Cancellation))).OrderBy(row => row.Id).Select(row => catalogue.Read(row.Body)).OfType<T>()];
    }

    /// <summary>Who looks after the conflicts.</summary>
    public IHostedService Watch() => ActivatorUtilities.CreateInstance<ConflictWatch<OrderContext>>(_services);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _cleanUp();
    }

    private static async Task<OrderBed> StartAsync(Action<DbContextOptionsBuilder> database, Action<EntityFrameworkOutboxConfigurator> outbox, Action cleanUp)
    {
        var time = new FakeTimeProvider(Changes.Noon.ToDateTimeOffset());
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<TimeProvider>(time);
        services.AddDbContext<OrderContext>(database);
        services.AddSyncEvents(EventCatalogue.Platform.With(ConflictEvents.All));
        services.AddConflictResolution(options =>
        {
            options.For("ORDER").Use(ConflictStrategy.ManualResolution);
            options.For("ORDER", tenant: "acme").AwaitMissing(TimeSpan.FromSeconds(30));
            options.For("PRICE_LIST").Use(ConflictStrategy.BusinessRules("LowestPrice"));
            options.For("CART").Use(ConflictStrategy.LastWriteWins);
        });
        services.AddConflictRule<LowestPrice>();
        services.AddMergedResource<MergedOrder>();
        services.AddConflictQueue<OrderContext>("orders");
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddEntityFrameworkOutbox<OrderContext>(configure =>
            {
                configure.UseBusOutbox();
                configure.ServiceName = "orders";
                outbox(configure);
            });
        });
        var provider = services.BuildServiceProvider();
        await using (var scope = provider.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<OrderContext>().EnsureTablesAsync(Cancellation);
        await provider.OutboxReadyAsync<OrderContext>(Cancellation);
        return new OrderBed(provider, time, cleanUp);
    }
}

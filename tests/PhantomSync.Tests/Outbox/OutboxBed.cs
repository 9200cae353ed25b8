using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Outbox;

/// <summary>An outbox in a database of the test's own.</summary>
public sealed class OutboxBed : IAsyncDisposable
{
    private readonly Func<ValueTask> _cleanUp;

    private OutboxBed(Func<ShopContext> context, StoreHandle store, FakeTimeProvider? clock, string connectionString, Func<ValueTask> cleanUp)
    {
        (NewContext, Handle, Clock, ConnectionString, _cleanUp) = (context, store, clock, connectionString, cleanUp);
    }

    public Func<ShopContext> NewContext { get; }

    /// <summary>Null where the database's own clock counts.</summary>
    public FakeTimeProvider? Clock { get; }

    public string ConnectionString { get; }

    internal IOutboxStore Store => Handle.Store;

    private StoreHandle Handle { get; }

    public static async Task<OutboxBed> PostgresAsync(PostgresServer server, TimeSpan? frozenAfter = null)
    {
        var connectionString = await server.CreateDatabaseAsync();
        var options = new DbContextOptionsBuilder<ShopContext>().UseNpgsql(connectionString).Options;
        ShopContext Create() => new(options);
        var store = OutboxStores.Create(() => new ContextLease(Create()), TimeProvider.System, frozenAfter ?? TimeSpan.FromSeconds(10));
        return await StartAsync(new OutboxBed(Create, new(store), null, connectionString, () => default));
    }

    public static async Task<OutboxBed> SqliteAsync()
    {
        var directory = Directory.CreateTempSubdirectory("phantom-sqlite-");
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var connectionString = $"Data Source={Path.Combine(directory.FullName, "shop.db")};Pooling=False";
        var options = new DbContextOptionsBuilder<ShopContext>().UseSqlite(connectionString).AddInterceptors(SqliteDurableConnections.Instance).Options;
        ShopContext Create() => new(options);
        var store = OutboxStores.Create(() => new ContextLease(Create()), clock, TimeSpan.FromSeconds(10));
        return await StartAsync(new OutboxBed(Create, new(store), clock, connectionString, () =>
        {
            directory.Delete(recursive: true);
            return default;
        }));
    }

    public DateTimeOffset Now => Clock?.GetUtcNow() ?? DateTimeOffset.UtcNow;

    public OutboxMessage Message(string? key, string body = "{}", SyncHold hold = default, string topic = "shop.orders", string eventType = "Ordered") =>
        OutboxMessage.Create(
            OutboxId.Next(Now), topic, key, Encoding.UTF8.GetBytes(body),
            HeaderCodec.Encode((KeyValuePair<string, string>[])[new("event_id", "e-" + body), new("tenant_id", "acme")]), eventType, hold, Now);

    /// <summary>Publishes in one transaction.</summary>
    public async Task PublishAsync(params IEnumerable<OutboxMessage> messages)
    {
        await using var context = NewContext();
        context.Outbox.AddRange(messages);
        await context.SaveChangesAsync();
    }

    public async Task<long> CountAsync(string table, string where = "1 = 1")
    {
        await using var context = NewContext();
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table} WHERE {where}";
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    public async ValueTask DisposeAsync() => await _cleanUp();

    private static async Task<OutboxBed> StartAsync(OutboxBed bed)
    {
        await using (var context = bed.NewContext())
            await context.Database.EnsureCreatedAsync();
        await bed.Store.CreateSchemaAsync(CancellationToken.None);
        return bed;
    }

    /// <summary>Keeps an internal type out of a public signature.</summary>
    private sealed class StoreHandle(IOutboxStore store)
    {
        public IOutboxStore Store => store;
    }
}

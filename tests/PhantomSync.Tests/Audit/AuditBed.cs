using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PhantomSync.Audit;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Reading;
using PhantomSync.Audit.Recording;
using PhantomSync.Audit.Search;
using PhantomSync.Audit.Sealing;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Audit;

/// <summary>An audit trail in a database of the test's own, with its sealer, its key and its heads.</summary>
public sealed class AuditBed : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("phantom-audit-");
    private readonly Parts _parts;
    private int _last;

    private AuditBed(Func<DirectoryInfo, string> connection, Action<DbContextOptionsBuilder, string> database)
    {
        ConnectionString = connection(_directory);
        var services = new ServiceCollection();
        services.AddDbContext<AuditDbContext>(options => database(options, ConnectionString));
        Services = services.BuildServiceProvider();
        _parts = new Parts(HeadSigner.Open(Path.Combine(_directory.FullName, "key.pem")), new HeadsFile(HeadsFile));
        Sealer = new SealerHandle(NewSealer(), this);
    }

    public ServiceProvider Services { get; }

    public string ConnectionString { get; }

    public string HeadsFile => Path.Combine(_directory.FullName, "audit-heads.jsonl");

    public SealerHandle Sealer { get; }

    public static async Task<AuditBed> PostgresAsync(PostgresServer server)
    {
        var connectionString = await server.CreateDatabaseAsync();
        return await StartAsync(new AuditBed(_ => connectionString, (options, connection) => options.UseNpgsql(connection)));
    }

    public static Task<AuditBed> SqliteAsync() => StartAsync(
        new AuditBed(directory => $"Data Source={Path.Combine(directory.FullName, "audit.db")};Pooling=False", (options, connection) => options
            .UseSqlite(connection)
            .AddInterceptors(SqliteDurableConnections.Instance)));

    public AuditDbContext NewContext() => Services.CreateScope().ServiceProvider.GetRequiredService<AuditDbContext>();

    public AuditEntry Entry(string tenant = "acme", Guid? id = null)
    {
        var eventId = id ?? Guid.CreateVersion7();
        var n = Interlocked.Increment(ref _last);
        return new AuditEntry
        {
            Id = eventId,
            TenantId = tenant,
            EventId = eventId,
            EventType = "ModelCreated",
            Timestamp = Timestamp.Parse("2026-03-01T12:34:56.789012Z"),
            UserId = $"user-{n}",
            Action = "CREATE_MODEL",
            ResourceType = "ML_MODEL",
            ResourceId = $"model-{n}",
            Result = AuditResult.Success,
            Details = $$"""{"model_name":"é {{n}}","ratio":1.0,"big":1E3}""",
            SourceService = "models",
            CorrelationId = eventId,
            InboxKey = n % 2 == 0 ? Guid.CreateVersion7() : null,
        };
    }

    public async Task<AuditEntry[]> AppendAsync(int count, string tenant = "acme")
    {
        AuditEntry[] entries = [.. Enumerable.Range(0, count).Select(_ => Entry(tenant))];
        await AppendAsync(entries);
        return entries;
    }

    public async Task AppendAsync(params AuditEntry[] entries)
    {
        await using var context = NewContext();
        await new AuditLog(context, TimeProvider.System).AppendAsync(entries, TestContext.Current.CancellationToken);
    }

    /// <summary>What reads with this context, in a process that searches with <paramref name="search"/> and runs no service.</summary>
    internal AuditReader Reader(AuditDbContext context, IAuditSearch? search = null) => new(
        context,
        () => new AuditVerifier(context, _parts.Signer, _parts.Heads),
        search,
        () => [],
        new OperatorAudit(
            new OutboxDirectory([new OutboxRegistration(typeof(AuditDbContext), AuditModule.StoreGroup, "1", IsBusOutbox: false, MaxRecordBytes: 100_000)]),
            new SyncEventWireFormat(EventCatalogue.Platform),
            TimeProvider.System));

    public Task SealAsync() => Sealer.SealAsync();

    public async Task<List<AuditVerdict>> VerifyAsync(string? tenant = null)
    {
        await using var context = NewContext();
        return await new AuditVerifier(context, _parts.Signer, _parts.Heads).VerifyAsync(tenant, TestContext.Current.CancellationToken).ToListAsync();
    }

    public async Task<AuditVerdict> VerifyOneAsync(string tenant = "acme") => (await VerifyAsync(tenant)).ShouldHaveSingleItem();

    public async Task<SealingLag> LagAsync()
    {
        await using var context = NewContext();
        return await context.Store().LagAsync(DateTimeOffset.UtcNow, TestContext.Current.CancellationToken);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var context = NewContext();
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A second one, as another host would run.</summary>
    public SealerHandle AnotherSealer() => new(NewSealer(), this);

    public async ValueTask DisposeAsync()
    {
        _parts.Signer.Dispose();
        await Services.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private AuditSealer NewSealer() => new(
        Services.GetRequiredService<IServiceScopeFactory>(), Options.Create(new AuditOptions { SealBatch = 100 }), _parts.Signer, _parts.Heads, TimeProvider.System, NullLogger<AuditSealer>.Instance);

    private static async Task<AuditBed> StartAsync(AuditBed bed)
    {
        await using var context = bed.NewContext();
        await context.EnsureTablesAsync();
        await context.EnsureTablesAsync();
        var store = OutboxStores.Create(() => new ContextLease(bed.NewContext()), TimeProvider.System, TimeSpan.FromSeconds(10));
        await store.CreateSchemaAsync(CancellationToken.None);
        return bed;
    }

    /// <summary>Keeps internal types out of public signatures.</summary>
    public sealed class SealerHandle
    {
        private readonly AuditSealer _sealer;
        private readonly AuditBed _bed;

        internal SealerHandle(AuditSealer sealer, AuditBed bed) => (_sealer, _bed) = (sealer, bed);

        /// <summary>Seals what can be sealed now: in PostgreSQL, what is older than every transaction of the whole server.</summary>
        public Task SealOnceAsync() => _sealer.SealAllAsync(TestContext.Current.CancellationToken);

        /// <summary>Seals until nothing is left: transactions of tests beside this one end in their own time.</summary>
        public Task SealAsync() => Wait.ForAsync(
            async () =>
            {
                await SealOnceAsync();
                return (await _bed.LagAsync()).Entries == 0;
            },
            "everything is sealed",
            seconds: 60);

        public async Task SealAndSignAsync()
        {
            await SealAsync();
            await _sealer.SignAsync(TestContext.Current.CancellationToken);
        }
    }

    private sealed record Parts(HeadSigner Signer, HeadsFile Heads);
}

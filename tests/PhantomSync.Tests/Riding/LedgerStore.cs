using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Riding;

/// <summary>A database of the test's own.</summary>
public sealed class LedgerStore : IDisposable
{
    private readonly DirectoryInfo? _directory;

    private LedgerStore(string connectionString, DirectoryInfo? directory)
    {
        ConnectionString = connectionString;
        _directory = directory;
    }

    public string ConnectionString { get; }

    public bool IsPostgres => _directory is null;

    public static async Task<LedgerStore> PostgresAsync(PostgresServer server) => new(await server.CreateDatabaseAsync(), null);

    public static LedgerStore Sqlite()
    {
        var directory = Directory.CreateTempSubdirectory("phantom-ledger-");
        return new LedgerStore($"Data Source={Path.Combine(directory.FullName, "ledger.db")};Pooling=False", directory);
    }

    public void Use(DbContextOptionsBuilder options) => _ = IsPostgres ? options.UseNpgsql(ConnectionString) : options.UseSqlite(ConnectionString);

    public void Use(EntityFrameworkOutboxConfigurator outbox) => _ = IsPostgres ? outbox.UsePostgres() : outbox.UseSqlite();

    public void Dispose() => _directory?.Delete(recursive: true);
}

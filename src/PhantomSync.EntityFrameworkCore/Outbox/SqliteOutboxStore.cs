using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>An outbox in an SQLite file. One process at a time relays for it; the time is this process's.</summary>
internal sealed class SqliteOutboxStore : IOutboxStore
{
    private readonly string _connectionString;
    private readonly OutboxTables _tables;
    private readonly TimeProvider _time;

    public SqliteOutboxStore(Func<ContextLease> contexts, TimeProvider time)
    {
        using var lease = contexts();
        var context = lease.Context;
        _connectionString = context.Database.GetConnectionString()
            ?? throw new InvalidOperationException($"{context.GetType().Name} has no connection string. Configure it with UseSqlite(\"Data Source=…\").");
        _tables = OutboxTables.Of(context);
        _time = time;
    }

    public string Name => _tables.Name;

    public int DefaultWorkers => 1;

    public async Task<bool> OwnTablesExistAsync(CancellationToken cancellationToken)
    {
        if (_tables.OwnTable is null)
            return true;
        await using var connection = await OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $name";
        command.Parameters.AddWithValue("$name", _tables.OwnTable.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
    }

    public async Task CreateSchemaAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = SqliteOutboxSchema.Script(_tables);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IOutboxSession> OpenAsync(CancellationToken cancellationToken) =>
        new SqliteOutboxSession(await OpenConnectionAsync(cancellationToken), _tables, _time);

    private async Task<SqliteConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = SqliteDurableConnections.Settings;
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}

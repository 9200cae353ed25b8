using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>
/// An outbox on PostgreSQL. Sessions are ordinary connections of the user's context and hold session-level advisory locks, so
/// a pooler between here and the server must work in session mode.
/// </summary>
internal sealed class PostgresOutboxStore : IOutboxStore
{
    private readonly Func<ContextLease> _contexts;
    private readonly OutboxTables _tables;
    private readonly TimeProvider _time;
    private readonly TimeSpan _frozenAfter;

    public PostgresOutboxStore(Func<ContextLease> contexts, TimeProvider time, TimeSpan frozenAfter)
    {
        _contexts = contexts;
        _time = time;
        _frozenAfter = frozenAfter;
        using var lease = contexts();
        _tables = OutboxTables.Of(lease.Context);
    }

    public string Name => _tables.Name;

    public int DefaultWorkers => 2;

    public async Task<bool> OwnTablesExistAsync(CancellationToken cancellationToken)
    {
        if (_tables.OwnTable is null)
            return true;
        await using var lease = _contexts();
        if (!await lease.Context.Database.CanConnectAsync(cancellationToken))
            return false;
        var connection = await OpenConnectionAsync(lease, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = _tables.OwnTable } } };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task CreateSchemaAsync(CancellationToken cancellationToken)
    {
        await using var lease = _contexts();
        var connection = await OpenConnectionAsync(lease, cancellationToken);
        await using (var current = new NpgsqlCommand("SELECT obj_description(to_regclass($1))", connection) { Parameters = { new() { Value = _tables.Queue } } })
        {
            if (await current.ExecuteScalarAsync(cancellationToken) is PostgresOutboxSchema.Version)
                return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // CREATE … IF NOT EXISTS is not safe against itself: hosts that start together take turns.
        await using (var turn = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({PostgresOutboxSession.LockClass(_tables.Queue)}, {PostgresOutboxSession.SchemaLock})", connection, transaction))
            await turn.ExecuteNonQueryAsync(cancellationToken);
        await using (var script = new NpgsqlCommand(PostgresOutboxSchema.Script(_tables), connection, transaction))
            await script.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<IOutboxSession> OpenAsync(CancellationToken cancellationToken)
    {
        var lease = _contexts();
        try
        {
            return await PostgresOutboxSession.StartAsync(lease, await OpenConnectionAsync(lease, cancellationToken), _tables, _frozenAfter, _time, cancellationToken);
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }
    }

    private static async Task<NpgsqlConnection> OpenConnectionAsync(ContextLease lease, CancellationToken cancellationToken)
    {
        await lease.Context.Database.OpenConnectionAsync(cancellationToken);
        return (NpgsqlConnection)lease.Context.Database.GetDbConnection();
    }
}

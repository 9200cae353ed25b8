using System.Globalization;
using DuckDB.NET.Data;
using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.DuckDb;

/// <summary>
/// Metrics in a DuckDB file, which this process holds alone. One connection writes; a batch is one transaction that takes the
/// rows whose identity is not there yet. A row's time is part of what the event says, so only that stretch of the table is looked at.
/// </summary>
internal sealed class DuckDbStore(string file, TimeSpan retention, TimeProvider time) : IMetricsStore, IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _opening = new();
    private DuckDBConnection? _connection;

    public string Description => $"DuckDB in {file}";

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var connection = Opened();
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.RunAsync("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, applied_at TIMESTAMP)", cancellationToken);
            var done = Convert.ToInt32(await connection.ScalarAsync("SELECT coalesce(max(version), 0) FROM schema_versions", cancellationToken), CultureInfo.InvariantCulture);
            for (var version = done; version < DuckDbSchema.Versions.Length; version++)
            {
                foreach (var statement in DuckDbSchema.Versions[version])
                    await connection.RunAsync(statement, cancellationToken);
                await connection.RunAsync("INSERT INTO schema_versions VALUES ($1, $2)", cancellationToken, version + 1, Now);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow
    {
        if (rows.Count == 0)
            return;
        var table = DuckDbTables.Of<TRow>();
        var stage = "stage_" + TRow.Table;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var connection = Opened();
            await connection.RunAsync($"CREATE TEMP TABLE IF NOT EXISTS {stage} ({table.Columns}); DELETE FROM {stage}", cancellationToken);
            using (var appender = connection.CreateAppender("temp", "main", stage))
            {
                foreach (var row in rows)
                {
                    var to = appender.CreateRow();
                    table.Append(to, row);
                    to.EndRow();
                }
            }

            var same = string.Join(" AND ", table.Identity.Select(column => $"kept.{column} = new.{column}"));
            await connection.RunAsync(
                $"""
                INSERT INTO {TRow.Table}
                SELECT DISTINCT ON ({string.Join(", ", table.Identity)}) new.*, $1
                FROM {stage} AS new
                WHERE NOT EXISTS (
                    SELECT 1 FROM {TRow.Table} AS kept
                    WHERE kept.timestamp BETWEEN (SELECT min(timestamp) FROM {stage}) AND (SELECT max(timestamp) FROM {stage}) AND {same})
                """,
                cancellationToken,
                Now);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>They are views.</summary>
    public Task RefreshRollupsAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            foreach (var table in DuckDbSchema.TimedTables)
                await Opened().RunAsync($"DELETE FROM {table} WHERE timestamp < $1", cancellationToken, Now - retention);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>A connection of the caller's own to the same file.</summary>
    public DuckDBConnection Connect()
    {
        Opened();
        return NewConnection();
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _writing.Dispose();
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private DuckDBConnection Opened()
    {
        lock (_opening)
            return _connection ??= NewConnection();
    }

    /// <summary>Those to one file share its database as long as one of them is open.</summary>
    private DuckDBConnection NewConnection()
    {
        var connection = new DuckDBConnection($"Data Source={file}");
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

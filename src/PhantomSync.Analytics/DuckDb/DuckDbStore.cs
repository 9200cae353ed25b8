using System.Globalization;
using DuckDB.NET.Data;
using PhantomSync.Analytics.Erasing;
using PhantomSync.Analytics.Rebuilding;
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
    private ErasureList? _erasures;

    public string Description => $"DuckDB in {file}";

    public Task MigrateAsync(CancellationToken cancellationToken) => WriteAloneAsync(
        async connection =>
        {
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
        },
        cancellationToken);

    public Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow => WriteToAsync(TRow.Table, rows, cancellationToken);

    /// <summary>Writes rows into a table that is made as theirs is.</summary>
    internal Task WriteToAsync<TRow>(string into, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow => rows.Count == 0 ? Task.CompletedTask : WriteAloneAsync(
        async connection =>
        {
            var table = DuckDbTables.Of<TRow>();
            var stage = "stage_" + TRow.Table;
            var erasures = _erasures ??= await DuckDbErasures.ReadAsync(connection, cancellationToken);
            await connection.RunAsync($"CREATE TEMP TABLE IF NOT EXISTS {stage} ({table.Columns}); DELETE FROM {stage}", cancellationToken);
            using (var appender = connection.CreateAppender("temp", "main", stage))
            {
                foreach (var row in erasures.Apply(rows))
                {
                    var to = appender.CreateRow();
                    table.Append(to, row);
                    to.EndRow();
                }
            }

            var same = string.Join(" AND ", table.Identity.Select(column => $"kept.{column} = new.{column}"));
            await connection.RunAsync(
                $"""
                INSERT INTO {into}
                SELECT DISTINCT ON ({string.Join(", ", table.Identity)}) new.*, $1
                FROM {stage} AS new
                WHERE NOT EXISTS (
                    SELECT 1 FROM {into} AS kept
                    WHERE kept.timestamp BETWEEN (SELECT min(timestamp) FROM {stage}) AND (SELECT max(timestamp) FROM {stage}) AND {same})
                """,
                cancellationToken,
                Now);
        },
        cancellationToken);

    /// <summary>They are views.</summary>
    public Task RefreshRollupsAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task PruneAsync(CancellationToken cancellationToken) => WriteAloneAsync(
        async connection =>
        {
            foreach (var table in DuckDbSchema.TimedTables)
                await connection.RunAsync($"DELETE FROM {table} WHERE timestamp < $1", cancellationToken, Now - retention);
        },
        cancellationToken);

    public async Task<IReadOnlyDictionary<MetricsSlice, SliceSum>> SumsAsync(TimeWindow window, string? tenant, CancellationToken cancellationToken)
    {
        await using var connection = Connect();
        var sums = new Dictionary<MetricsSlice, SliceSum>();
        foreach (var table in DuckDbTables.All)
        {
            foreach (var (slice, sum) in await DuckDbComparison.SumsAsync(connection, table, window, tenant, cancellationToken))
                sums.Add(slice, sum);
        }

        return sums;
    }

    public async Task<IMetricsShadow> CreateShadowAsync(CancellationToken cancellationToken)
    {
        var shadow = new DuckDbShadow(this);
        await shadow.CreateAsync(cancellationToken);
        return shadow;
    }

    public async Task<ErasureReceipt> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        ErasureReceipt? receipt = null;
        await WriteAloneAsync(
            async connection =>
            {
                await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
                {
                    receipt = await DuckDbErasures.EraseAsync(connection, erasure, cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                }

                _erasures = await DuckDbErasures.ReadAsync(connection, cancellationToken);

                // Until then the file has them still.
                await connection.RunAsync("CHECKPOINT", cancellationToken);
            },
            cancellationToken);
        return receipt!;
    }

    public async Task<ErasureList> ErasuresAsync(CancellationToken cancellationToken)
    {
        await using var connection = Connect();
        return await DuckDbErasures.ReadAsync(connection, cancellationToken);
    }

    /// <summary>The file is this process's alone: nobody else has erased anything.</summary>
    public Task FollowErasuresAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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

    /// <summary>Runs what changes tables, one at a time.</summary>
    internal async Task WriteAloneAsync(Func<DuckDBConnection, Task> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await write(Opened());
        }
        finally
        {
            _writing.Release();
        }
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

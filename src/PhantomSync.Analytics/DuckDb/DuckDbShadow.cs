using System.Globalization;
using DuckDB.NET.Data;
using PhantomSync.Analytics.Rebuilding;
using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.DuckDb;

/// <summary>Tables that take the place of those in use in one transaction.</summary>
internal sealed class DuckDbShadow(DuckDbStore store) : IMetricsShadow
{
    private const string Prefix = "rebuild_";

    public Task CreateAsync(CancellationToken cancellationToken) => store.WriteAloneAsync(
        async connection =>
        {
            foreach (var table in DuckDbTables.All)
                await connection.RunAsync($"DROP TABLE IF EXISTS {Prefix}{table.Name}; {DuckDbSchema.Create(Prefix + table.Name, table.Columns)}", cancellationToken);
        },
        cancellationToken);

    public Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow => store.WriteToAsync(Prefix + TRow.Table, rows, cancellationToken);

    public async Task<IReadOnlyList<RebuiltTable>> CountsAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        await using var connection = store.Connect();
        var counts = new List<RebuiltTable>();
        foreach (var table in DuckDbSchema.TimedTables)
            counts.Add(new RebuiltTable(table, await CountAsync(connection, table, window, cancellationToken), await CountAsync(connection, Prefix + table, window, cancellationToken)));
        return counts;
    }

    public Task SwapAsync(TimeWindow window, CancellationToken cancellationToken) => store.WriteAloneAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var table in DuckDbTables.All)
            {
                await KeepOutsideAsync(connection, table, window, cancellationToken);
                await connection.RunAsync($"DROP TABLE {table.Name}; ALTER TABLE {Prefix}{table.Name} RENAME TO {table.Name}", cancellationToken);
            }

            foreach (var erasure in (await DuckDbErasures.ReadAsync(connection, cancellationToken)).All)
                await DuckDbErasures.RemoveAsync(connection, erasure, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        },
        cancellationToken);

    public async ValueTask DisposeAsync() => await store.WriteAloneAsync(
        async connection =>
        {
            foreach (var table in DuckDbSchema.TimedTables)
                await connection.RunAsync($"DROP TABLE IF EXISTS {Prefix}{table}", CancellationToken.None);
        },
        CancellationToken.None);

    /// <summary>Takes over what lies outside, as far as a table of an earlier schema has it.</summary>
    private static async Task KeepOutsideAsync(DuckDBConnection connection, IDuckDbTable table, TimeWindow window, CancellationToken cancellationToken)
    {
        var names = await connection.ReadAsync("SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND table_schema = 'main'", row => row.GetString(0), cancellationToken, table.Name);
        var columns = string.Join(", ", table.Columns.Split(", ").Select(column => column.Split(' ')[0]).Append("ingested_at").Intersect(names));
        var same = string.Join(" AND ", table.Identity.Select(column => $"new.{column} = old.{column}"));
        await connection.RunAsync(
            $"""
            INSERT INTO {Prefix}{table.Name} ({columns})
            SELECT {columns} FROM {table.Name} AS old
            WHERE (timestamp < $1 OR timestamp >= $2) AND NOT EXISTS (SELECT 1 FROM {Prefix}{table.Name} AS new WHERE {same})
            """,
            cancellationToken,
            window.FirstUtc,
            window.EndUtc);
    }

    private static async Task<long> CountAsync(DuckDBConnection connection, string table, TimeWindow window, CancellationToken cancellationToken) => Convert.ToInt64(
        await connection.ScalarAsync($"SELECT count(*) FROM {table} WHERE timestamp >= $1 AND timestamp < $2", cancellationToken, window.FirstUtc, window.EndUtc), CultureInfo.InvariantCulture);
}

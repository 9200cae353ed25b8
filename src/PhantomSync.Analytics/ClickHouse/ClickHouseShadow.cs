using System.Globalization;
using ClickHouse.Driver.ADO.Parameters;
using ClickHouse.Driver.Utility;
using PhantomSync.Analytics.Rebuilding;
using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.ClickHouse;

/// <summary>Tables of this rebuild's own, which take the names of those in use one after the other, each at once.</summary>
internal sealed class ClickHouseShadow(ClickHouseStore store) : IMetricsShadow
{
    private const string Outside = "(timestamp < {from:DateTime64(6, 'UTC')} OR timestamp >= {to:DateTime64(6, 'UTC')})";
    private const string Inside = "timestamp >= {from:DateTime64(6, 'UTC')} AND timestamp < {to:DateTime64(6, 'UTC')}";

    private readonly string _prefix = $"rebuild_{Guid.CreateVersion7():N}_";

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        foreach (var table in ClickHouseSchema.TimedTables)
            await RunAsync(ClickHouseSchema.Create(table, _prefix + table), cancellationToken);
        await store.KeepRetentionAsync(ClickHouseSchema.TimedTables.Select(table => _prefix + table), cancellationToken);
    }

    public Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow => store.WriteToAsync(_prefix + TRow.Table, rows, cancellationToken);

    public async Task<IReadOnlyList<RebuiltTable>> CountsAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        var counts = new List<RebuiltTable>();
        foreach (var table in ClickHouseSchema.TimedTables)
            counts.Add(new RebuiltTable(table, await CountAsync(table, window, cancellationToken), await CountAsync(_prefix + table, window, cancellationToken)));
        return counts;
    }

    public async Task SwapAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        foreach (var table in ClickHouseSchema.TimedTables)
        {
            var columns = string.Join(", ", await CommonColumnsAsync(table, cancellationToken));
            await RunAsync(
                $"INSERT INTO {_prefix}{table} ({columns}) SELECT {columns} FROM {table} WHERE {Outside} SETTINGS max_partitions_per_insert_block = 0",
                cancellationToken,
                ClickHouseStore.OfWindow(window));
            await RunAsync($"EXCHANGE TABLES {_prefix}{table} AND {table}", cancellationToken);
        }

        await store.EraseAgainAsync(cancellationToken);
        await store.RebuildRollupsAsync(window, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var table in ClickHouseSchema.TimedTables)
            await RunAsync($"DROP TABLE IF EXISTS {_prefix}{table}", CancellationToken.None);
    }

    private async Task<long> CountAsync(string table, TimeWindow window, CancellationToken cancellationToken) => Convert.ToInt64(
        await store.Client.ExecuteScalarAsync($"SELECT count() FROM {table} FINAL WHERE {Inside}", ClickHouseStore.OfWindow(window), cancellationToken: cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>Those that a table of an earlier schema has, too.</summary>
    private async Task<IReadOnlyList<string>> CommonColumnsAsync(string table, CancellationToken cancellationToken)
    {
        var parameters = new ClickHouseParameterCollection();
        parameters.AddParameter("old", table);
        parameters.AddParameter("new", _prefix + table);
        using var reader = await store.Client.ExecuteReaderAsync(
            """
            SELECT name FROM system.columns WHERE database = currentDatabase() AND table IN ({old:String}, {new:String}) AND default_kind != 'ALIAS'
            GROUP BY name HAVING count() = 2 ORDER BY name
            """,
            parameters,
            cancellationToken: cancellationToken);
        var columns = new List<string>();
        while (reader.Read())
            columns.Add(reader.GetString(0));
        return columns;
    }

    private Task<int> RunAsync(string sql, CancellationToken cancellationToken, ClickHouseParameterCollection? parameters = null) =>
        store.Client.ExecuteNonQueryAsync(sql, parameters, cancellationToken: cancellationToken);
}

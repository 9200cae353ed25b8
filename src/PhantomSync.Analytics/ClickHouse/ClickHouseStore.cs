using System.Collections.Concurrent;
using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using ClickHouse.Driver.ADO.Parameters;
using ClickHouse.Driver.Utility;
using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.ClickHouse;

/// <summary>Metrics in ClickHouse. An insert is one block, and the engine of every table lets a row that comes again replace itself.</summary>
internal sealed class ClickHouseStore : IMetricsStore, IDisposable
{
    /// <summary>Longer than an insert may be under way, so that a refresh never overlooks one.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(60);

    private readonly TimeSpan _retention;
    private readonly ConcurrentDictionary<string, DateTime> _refreshed = new(StringComparer.Ordinal);

    /// <summary>Nothing is left to the server's defaults, which change: the insert is done when it returns, and old rows may spread over any number of months.</summary>
    private static readonly Dictionary<string, object> InsertSettings = new(StringComparer.Ordinal)
    {
        ["async_insert"] = 0,
        ["max_partitions_per_insert_block"] = 0,
        ["max_insert_block_size"] = 1_000_000,
    };

    public ClickHouseStore(ClickHouseClientSettings settings, TimeSpan retention)
    {
        _retention = retention;
        Client = new ClickHouseClient(settings);
        Client.RegisterBinaryInsertType<InferenceRow>();
        Client.RegisterBinaryInsertType<BatchInferenceRow>();
        Client.RegisterBinaryInsertType<TrainingMetricRow>();
        Client.RegisterBinaryInsertType<TrainingRunRow>();
        Client.RegisterBinaryInsertType<PerformanceRow>();
        Client.RegisterBinaryInsertType<AgentExecutionRow>();
    }

    public string Description => $"ClickHouse at {Client.Settings.Host}:{Client.Settings.Port}, database {Client.Settings.Database}";

    public ClickHouseClient Client { get; }

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await Client.ExecuteNonQueryAsync(
            $"CREATE DATABASE IF NOT EXISTS {Client.Settings.Database}", options: new QueryOptions { Database = "default" }, cancellationToken: cancellationToken);
        await RunAsync("CREATE TABLE IF NOT EXISTS schema_versions (version UInt32, applied_at DateTime64(6, 'UTC') DEFAULT now64(6)) ENGINE = ReplacingMergeTree ORDER BY version", cancellationToken);
        var done = Convert.ToInt32(await Client.ExecuteScalarAsync("SELECT max(version) FROM schema_versions", cancellationToken: cancellationToken), CultureInfo.InvariantCulture);
        for (var version = done; version < ClickHouseSchema.Versions.Length; version++)
        {
            foreach (var statement in ClickHouseSchema.Versions[version])
                await RunAsync(statement, cancellationToken);
            await RunAsync($"INSERT INTO schema_versions (version) VALUES ({version + 1})", cancellationToken);
        }

        await KeepRetentionAsync(cancellationToken);
    }

    public async Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow
    {
        if (rows.Count > 0)
            await Client.InsertBinaryAsync(TRow.Table, rows, new InsertOptions { BatchSize = rows.Count, CustomSettings = InsertSettings }, cancellationToken);
    }

    public async Task RefreshRollupsAsync(CancellationToken cancellationToken)
    {
        foreach (var rollup in Rollups.All)
        {
            var now = (DateTime)(await Client.ExecuteScalarAsync("SELECT now64(6, 'UTC')", cancellationToken: cancellationToken))!;
            var since = await RefreshedAsync(rollup, cancellationToken);
            foreach (var day in await ChangedDaysAsync(rollup, since, cancellationToken))
            {
                var parameters = new ClickHouseParameterCollection();
                parameters.AddParameter("since", since);
                parameters.AddParameter("day", day);
                await Client.ExecuteNonQueryAsync(rollup.Refresh(), parameters, cancellationToken: cancellationToken);
            }

            _refreshed[rollup.Name] = now - Overlap;
        }
    }

    /// <summary>The tables' own TTL does it.</summary>
    public Task PruneAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => Client.Dispose();

    private async Task<DateTime> RefreshedAsync(Rollup rollup, CancellationToken cancellationToken)
    {
        if (_refreshed.TryGetValue(rollup.Name, out var known))
            return known;
        var last = (DateTime)(await Client.ExecuteScalarAsync($"SELECT max(refreshed_at) FROM {rollup.Name}", cancellationToken: cancellationToken))!;
        return last > MetricTime.Earliest ? last - Overlap : MetricTime.Earliest;
    }

    private async Task<IReadOnlyList<DateTime>> ChangedDaysAsync(Rollup rollup, DateTime since, CancellationToken cancellationToken)
    {
        var parameters = new ClickHouseParameterCollection();
        parameters.AddParameter("since", since);
        using var reader = await Client.ExecuteReaderAsync(rollup.ChangedDays(), parameters, cancellationToken: cancellationToken);
        var days = new List<DateTime>();
        while (reader.Read())
            days.Add(reader.GetDateTime(0));
        return days;
    }

    private async Task KeepRetentionAsync(CancellationToken cancellationToken)
    {
        var days = (int)_retention.TotalDays;
        foreach (var table in ClickHouseSchema.TimedTables)
        {
            var ttl = $"TTL toDateTime(timestamp) + toIntervalDay({days})";
            var parameters = new ClickHouseParameterCollection();
            parameters.AddParameter("table", table);
            var definition = (string)(await Client.ExecuteScalarAsync(
                "SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = {table:String}", parameters, cancellationToken: cancellationToken))!;
            if (!definition.Contains(ttl, StringComparison.Ordinal))
                await RunAsync($"ALTER TABLE {table} MODIFY {ttl}", cancellationToken);
        }
    }

    private Task<int> RunAsync(string sql, CancellationToken cancellationToken) => Client.ExecuteNonQueryAsync(sql, cancellationToken: cancellationToken);
}

using System.Collections.Concurrent;
using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using ClickHouse.Driver.ADO.Parameters;
using ClickHouse.Driver.Utility;
using PhantomSync.Analytics.Erasing;
using PhantomSync.Analytics.Rebuilding;
using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.ClickHouse;

/// <summary>Metrics in ClickHouse. An insert is one block, and the engine of every table lets a row that comes again replace itself.</summary>
internal sealed class ClickHouseStore : IMetricsStore, IDisposable
{
    /// <summary>Longer than an insert may be under way, so that a refresh never overlooks one.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(60);

    private readonly TimeSpan _retention;
    private readonly ClickHouseErasures _erasures;
    private readonly ConcurrentDictionary<string, DateTime> _refreshed = new(StringComparer.Ordinal);

    /// <summary>Nothing is left to the server's defaults, which change: the insert is done when it returns, and old rows may spread over any number of months.</summary>
    private static readonly Dictionary<string, object> InsertSettings = new(StringComparer.Ordinal)
    {
        ["async_insert"] = 0,
        ["max_partitions_per_insert_block"] = 0,
        ["max_insert_block_size"] = 1_000_000,
    };

    public ClickHouseStore(ClickHouseClientSettings settings, TimeSpan retention, TimeProvider time)
    {
        _retention = retention;
        Client = new ClickHouseClient(settings);
        _erasures = new ClickHouseErasures(Client, Overlap, time);
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

        await KeepRetentionAsync(ClickHouseSchema.TimedTables, cancellationToken);
    }

    public Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow => WriteToAsync(TRow.Table, rows, cancellationToken);

    /// <summary>Writes rows into a table that is made as theirs is.</summary>
    internal async Task WriteToAsync<TRow>(string table, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow
    {
        if (rows.Count == 0)
            return;
        var kept = (await _erasures.ListAsync(cancellationToken)).Apply(rows);
        if (kept.Count > 0)
            await Client.InsertBinaryAsync(table, kept, new InsertOptions { BatchSize = kept.Count, CustomSettings = InsertSettings }, cancellationToken);
    }

    public async Task RefreshRollupsAsync(CancellationToken cancellationToken)
    {
        foreach (var rollup in Rollups.All)
        {
            var now = (DateTime)(await Client.ExecuteScalarAsync("SELECT now64(6, 'UTC')", cancellationToken: cancellationToken))!;
            var since = await RefreshedAsync(rollup, cancellationToken);
            var changed = new ClickHouseParameterCollection();
            changed.AddParameter("since", since);
            foreach (var day in await DaysAsync(rollup.ChangedDays(), changed, cancellationToken))
                await Client.ExecuteNonQueryAsync(rollup.Refresh(), OfDay(day, since), cancellationToken: cancellationToken);

            _refreshed[rollup.Name] = now - Overlap;
        }
    }

    /// <summary>The tables' own TTL does it.</summary>
    public Task PruneAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IReadOnlyDictionary<MetricsSlice, SliceSum>> SumsAsync(TimeWindow window, string? tenant, CancellationToken cancellationToken)
    {
        var sums = new Dictionary<MetricsSlice, SliceSum>();
        foreach (var (table, compared) in ClickHouseComparison.Texts)
        {
            var parameters = OfWindow(window);
            parameters.AddParameter("all", tenant is null ? 1 : 0);
            parameters.AddParameter("tenant", tenant ?? "");
            using var reader = await Client.ExecuteReaderAsync(ClickHouseComparison.Sums(table, compared), parameters, cancellationToken: cancellationToken);
            while (reader.Read())
            {
                sums.Add(
                    new MetricsSlice(table, reader.GetString(0), DateTime.SpecifyKind(reader.GetDateTime(1), DateTimeKind.Utc)),
                    new SliceSum((long)reader.GetFieldValue<ulong>(2), reader.GetFieldValue<ulong>(3)));
            }
        }

        return sums;
    }

    public async Task<IMetricsShadow> CreateShadowAsync(CancellationToken cancellationToken)
    {
        var shadow = new ClickHouseShadow(this);
        try
        {
            await shadow.CreateAsync(cancellationToken);
            return shadow;
        }
        catch
        {
            await shadow.DisposeAsync();
            throw;
        }
    }

    public Task<ErasureReceipt> EraseAsync(Erasure erasure, CancellationToken cancellationToken) => _erasures.EraseAsync(erasure, cancellationToken);

    public Task<ErasureList> ErasuresAsync(CancellationToken cancellationToken) => _erasures.ReadAsync(cancellationToken);

    public Task FollowErasuresAsync(CancellationToken cancellationToken) => _erasures.FollowAsync(cancellationToken);

    public void Dispose() => Client.Dispose();

    /// <summary>Computes the roll-ups of the days of a window anew, and removes what is left of stretches that have no rows any more.</summary>
    internal async Task RebuildRollupsAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        foreach (var rollup in Rollups.All)
        {
            var now = (DateTime)(await Client.ExecuteScalarAsync("SELECT now64(6, 'UTC')", cancellationToken: cancellationToken))!;
            foreach (var day in await DaysAsync(rollup.Days(), OfWindow(window), cancellationToken))
            {
                await Client.ExecuteNonQueryAsync(rollup.Refresh(), OfDay(day, MetricTime.Earliest), cancellationToken: cancellationToken);
                await Client.ExecuteNonQueryAsync(rollup.RemoveStale(), OfDay(day, now), cancellationToken: cancellationToken);
            }
        }
    }

    /// <summary>Erases again whatever the list names; a rebuild may have begun before.</summary>
    internal Task EraseAgainAsync(CancellationToken cancellationToken) => _erasures.EraseAgainAsync(cancellationToken);

    internal static ClickHouseParameterCollection OfWindow(TimeWindow window)
    {
        var parameters = new ClickHouseParameterCollection();
        parameters.AddParameter("from", window.FirstUtc);
        parameters.AddParameter("to", window.EndUtc);
        return parameters;
    }

    private static ClickHouseParameterCollection OfDay(DateTime day, DateTime since)
    {
        var parameters = new ClickHouseParameterCollection();
        parameters.AddParameter("since", since);
        parameters.AddParameter("day", day);
        return parameters;
    }

    private async Task<DateTime> RefreshedAsync(Rollup rollup, CancellationToken cancellationToken)
    {
        if (_refreshed.TryGetValue(rollup.Name, out var known))
            return known;
        var last = (DateTime)(await Client.ExecuteScalarAsync($"SELECT max(refreshed_at) FROM {rollup.Name}", cancellationToken: cancellationToken))!;
        return last > MetricTime.Earliest ? last - Overlap : MetricTime.Earliest;
    }

    private async Task<IReadOnlyList<DateTime>> DaysAsync(string sql, ClickHouseParameterCollection parameters, CancellationToken cancellationToken)
    {
        using var reader = await Client.ExecuteReaderAsync(sql, parameters, cancellationToken: cancellationToken);
        var days = new List<DateTime>();
        while (reader.Read())
            days.Add(reader.GetDateTime(0));
        return days;
    }

    internal async Task KeepRetentionAsync(IEnumerable<string> tables, CancellationToken cancellationToken)
    {
        var days = (int)_retention.TotalDays;
        foreach (var table in tables)
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

using System.Data.Common;
using PhantomSync.Analytics;
using PhantomSync.Analytics.ClickHouse;
using PhantomSync.Analytics.DuckDb;
using PhantomSync.Analytics.Recording;
using PhantomSync.Tests.Analytics.ClickHouse;

namespace PhantomSync.Tests.Analytics;

/// <summary>A store of metrics of the test's own, and what a test needs to look behind it.</summary>
public sealed class AnalyticsBed : IAsyncDisposable
{
    /// <summary>As long as it may be, so that tests may reach far back.</summary>
    internal static readonly TimeSpan Retention = AnalyticsOptions.LongestRetention;

    private readonly Func<string, Task> _execute;
    private readonly Func<string, Task<IReadOnlyList<string>>> _texts;
    private readonly Action _remove;

    private AnalyticsBed(IMetricsStore store, IAnalyticsQueries queries, string[][] versions, Func<string, Task> execute, Func<string, Task<IReadOnlyList<string>>> texts, Action remove)
    {
        Store = store;
        Queries = queries;
        Versions = versions;
        _execute = execute;
        _texts = texts;
        _remove = remove;
    }

    internal IMetricsStore Store { get; }

    internal IAnalyticsQueries Queries { get; }

    /// <summary>The versions of the store's schema.</summary>
    internal string[][] Versions { get; }

    internal static AnalyticsBed DuckDb(TimeSpan? retention = null)
    {
        var directory = Directory.CreateTempSubdirectory("phantom-duck-");
        var store = new DuckDbStore(Path.Combine(directory.FullName, "analytics.duckdb"), retention ?? Retention, TimeProvider.System);
        return new AnalyticsBed(
            store,
            new DuckDbQueries(store),
            DuckDbSchema.Versions,
            async sql =>
            {
                await using var connection = store.Connect();
                await connection.RunAsync(sql, CancellationToken.None);
            },
            async sql =>
            {
                await using var connection = store.Connect();
                return await connection.ReadAsync(sql, Text, CancellationToken.None);
            },
            () =>
            {
                store.Dispose();
                directory.Delete(recursive: true);
            });
    }

    internal static AnalyticsBed ClickHouse(ClickHouseServer server, TimeSpan? retention = null)
    {
        var store = new ClickHouseStore(ClickHouseAddress.Parse(server.NewDatabase().ToString()), retention ?? Retention, TimeProvider.System);
        return new AnalyticsBed(
            store,
            new ClickHouseQueries(store),
            ClickHouseSchema.Versions,
            sql => store.Client.ExecuteNonQueryAsync(sql),
            async sql =>
            {
                await using var reader = await store.Client.ExecuteReaderAsync(sql);
                var all = new List<string>();
                while (await reader.ReadAsync())
                    all.Add(Text(reader));
                return all;
            },
            store.Dispose);
    }

    internal Task ExecuteAsync(string sql) => _execute(sql);

    /// <summary>The first column of what a query gives, as text.</summary>
    internal Task<IReadOnlyList<string>> TextsAsync(string sql) => _texts(sql);

    internal async Task<long> CountAsync(string table) =>
        long.Parse((await TextsAsync($"SELECT count(*) FROM {table}{(Store is ClickHouseStore ? " FINAL" : "")}"))[0]);

    public ValueTask DisposeAsync()
    {
        _remove();
        return ValueTask.CompletedTask;
    }

    private static string Text(DbDataReader row) => Convert.ToString(row.GetValue(0), System.Globalization.CultureInfo.InvariantCulture) ?? "";
}

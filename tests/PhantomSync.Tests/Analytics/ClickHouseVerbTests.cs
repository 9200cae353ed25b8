using PhantomSync.Analytics;
using PhantomSync.Analytics.ClickHouse;
using PhantomSync.Tests.Analytics.ClickHouse;

namespace PhantomSync.Tests.Analytics;

public sealed class ClickHouseVerbTests : AnalyticsVerbContract
{
    private readonly Uri _database;

    public ClickHouseVerbTests(ClickHouseServer server) => _database = server.NewDatabase();

    protected override string[] Place => ["--data", Data, "--clickhouse", _database.ToString()];

    protected override void Configure(AnalyticsOptions options) => options.ClickHouse = _database.ToString();

    protected override async Task ExecuteAsync(string sql)
    {
        using var store = Open();
        await store.Client.ExecuteNonQueryAsync(sql, cancellationToken: Cancel);
    }

    protected override async Task<IReadOnlyList<string>> TextsAsync(string sql)
    {
        using var store = Open();
        using var reader = await store.Client.ExecuteReaderAsync(sql, cancellationToken: Cancel);
        var all = new List<string>();
        while (reader.Read())
            all.Add($"{reader.GetValue(0)}");
        return all;
    }

    private ClickHouseStore Open() => new(ClickHouseAddress.Parse(_database.ToString()), AnalyticsBed.Retention, TimeProvider.System);
}

using PhantomSync.Analytics;
using PhantomSync.Analytics.DuckDb;
using PhantomSync.Tests.EndToEnd;

namespace PhantomSync.Tests.Analytics;

public sealed class DuckDbVerbTests : AnalyticsVerbContract
{
    protected override string[] Place => ["--data", Data];

    private string File => Path.Combine(Data, "analytics.duckdb");

    [Fact]
    public async Task Without_metrics_or_with_a_host_at_work_it_says_so()
    {
        await using var missing = HostProcess.Start(["analytics", "reconcile", "--kafka", "localhost:1", .. Place]);
        (await missing.ExitsAsync(60)).ShouldBe(2, missing.Story);
        missing.Errors.ShouldContain("there are no metrics");

        await System.IO.File.WriteAllBytesAsync(File, [], Cancel);
        using var held = Hold();
        await using var refused = HostProcess.Start(["analytics", "erase", "--tenant", "acme", "--reason", "r", .. Place]);
        (await refused.ExitsAsync(60)).ShouldBe(2, refused.Story);
        refused.Errors.ShouldContain("another phantomsync process works in this folder");
    }

    protected override void Configure(AnalyticsOptions options) => options.DuckDbFile = File;

    protected override async Task ExecuteAsync(string sql)
    {
        using var store = new DuckDbStore(File, AnalyticsBed.Retention, TimeProvider.System);
        await using var connection = store.Connect();
        await connection.RunAsync(sql, Cancel);
    }

    protected override async Task<IReadOnlyList<string>> TextsAsync(string sql)
    {
        using var store = new DuckDbStore(File, AnalyticsBed.Retention, TimeProvider.System);
        await using var connection = store.Connect();
        return await connection.ReadAsync(sql, row => $"{row.GetValue(0)}", Cancel);
    }

    private PhantomSync.Host.Hosting.DataDirectory Hold() => PhantomSync.Host.Hosting.DataDirectory.Open(Data);
}

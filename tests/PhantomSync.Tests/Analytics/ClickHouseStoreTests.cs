using PhantomSync.Tests.Analytics.ClickHouse;

namespace PhantomSync.Tests.Analytics;

public sealed class ClickHouseStoreTests(ClickHouseServer server) : AnalyticsStoreContract
{
    protected override string CurrentSchema => "currentDatabase()";

    protected override string RollupKind => "TABLE";

    protected override AnalyticsBed CreateBed(TimeSpan? retention = null) => AnalyticsBed.ClickHouse(server, retention);

    protected override Task SettleAsync(AnalyticsBed bed) => bed.ExecuteAsync("OPTIMIZE TABLE inference_metrics FINAL");
}

namespace PhantomSync.Tests.Analytics;

public sealed class DuckDbStoreTests : AnalyticsStoreContract
{
    protected override string CurrentSchema => "current_schema()";

    protected override string RollupKind => "VIEW";

    protected override AnalyticsBed CreateBed(TimeSpan? retention = null) => AnalyticsBed.DuckDb(retention);

    protected override Task SettleAsync(AnalyticsBed bed) => Task.CompletedTask;
}

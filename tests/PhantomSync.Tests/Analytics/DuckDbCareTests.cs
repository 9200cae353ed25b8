namespace PhantomSync.Tests.Analytics;

public sealed class DuckDbCareTests : AnalyticsCareContract
{
    protected override AnalyticsBed CreateBed() => AnalyticsBed.DuckDb();
}

using PhantomSync.Tests.Analytics.ClickHouse;

namespace PhantomSync.Tests.Analytics;

public sealed class ClickHouseCareTests(ClickHouseServer server) : AnalyticsCareContract
{
    protected override AnalyticsBed CreateBed() => AnalyticsBed.ClickHouse(server);
}

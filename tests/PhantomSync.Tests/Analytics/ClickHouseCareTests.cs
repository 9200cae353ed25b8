using Microsoft.Extensions.Time.Testing;
using PhantomSync.Analytics.ClickHouse;
using PhantomSync.Tests.Analytics.ClickHouse;
using static PhantomSync.Tests.Analytics.Metrics;

namespace PhantomSync.Tests.Analytics;

public sealed class ClickHouseCareTests(ClickHouseServer server) : AnalyticsCareContract
{
    protected override AnalyticsBed CreateBed() => AnalyticsBed.ClickHouse(server);

    [Fact, Trait("row", "S14.19")]
    public async Task What_a_host_writes_before_it_hears_of_an_erasure_is_erased_too()
    {
        var time = new FakeTimeProvider();
        using var other = new ClickHouseStore(((ClickHouseStore)Bed.Store).Client.Settings, AnalyticsBed.Retention, time);
        await other.RecordAsync(Inference(1, Start));
        await Eraser.EraseAsync("acme", null, "alice", "asked for", Cancel);
        (await Bed.CountAsync("inference_metrics")).ShouldBe(0);

        await other.RecordAsync(Inference(2, Start), Inference(3, Start, "globex"));
        (await Bed.CountAsync("inference_metrics")).ShouldBe(2);
        await other.FollowErasuresAsync(Cancel);
        await other.RecordAsync(Inference(4, Start));
        (await Bed.CountAsync("inference_metrics")).ShouldBe(2);

        // An insert that was under way when it heard is done by now.
        time.Advance(TimeSpan.FromSeconds(61));
        await other.FollowErasuresAsync(Cancel);
        (await Bed.TextsAsync("SELECT tenant_id FROM inference_metrics")).ShouldBe(["globex"]);
    }
}

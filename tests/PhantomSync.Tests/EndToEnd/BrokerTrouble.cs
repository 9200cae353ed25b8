using System.Diagnostics;
using PhantomSync.Kafka.Embedded;

namespace PhantomSync.Tests.EndToEnd;

[Collection(nameof(OutsideTrouble))]
public sealed class BrokerTrouble
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(10);

    [Fact]
    [Trait("row", "F03")]
    public async Task While_the_broker_is_away_services_keep_committing_and_afterwards_nothing_is_missing()
    {
        using var cluster = new MockCluster();
        foreach (var topic in DemoBed.Topics)
            cluster.CreateTopic(topic, 12);
        using var bed = new DemoBed();
        await using var host = bed.Demo(events: 4_500, rate: 120, more: ["--kafka", cluster.BootstrapServers]);
        var before = await bed.ReachesAsync(host, Works, "events flow");
        cluster.SetDown();
        var during = await SitOutAsync(bed, host, before, Outage);
        cluster.SetUp();
        (await host.ExitsAsync(180)).ShouldBe(0, host.Story);
        ShouldHaveHit(before, during);
        Evidence.ShouldBeSound(bed).ShouldBeGreaterThan(4_500);
        host.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    [Trait("row", "F03")]
    public async Task A_broker_that_is_frozen_and_thaws_has_lost_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "stops a process by a signal");
        using var bed = new DemoBed();
        await using var host = bed.Demo(events: 2_000, rate: 120);
        var before = await bed.ReachesAsync(host, Works, "events flow");
        Signals.Send(BrokerOf(before), Signals.Stop);
        var during = await SitOutAsync(bed, host, before, Freeze);
        Signals.Send(BrokerOf(before), Signals.Continue);
        (await host.ExitsAsync(180)).ShouldBe(0, host.Story);
        ShouldHaveHit(before, during);
        Evidence.ShouldBeSound(bed).ShouldBeGreaterThan(2_000);
        await host.LeavesNobodyAsync();
    }

    [Fact]
    public async Task The_embedded_broker_is_killed_again_and_again_and_its_successors_get_what_was_not_handled()
    {
        using var bed = new DemoBed();
        await using var host = bed.Demo(events: 1_500, rate: 150);
        var killed = new HashSet<int>();
        for (var kill = 1; kill <= 4; kill++)
        {
            var run = await bed.ReachesAsync(host, run => run.GetProperty("handled").GetInt64() > 200 * kill && !killed.Contains(BrokerOf(run)), $"events flow after {kill - 1} deaths of the broker");
            using var broker = Process.GetProcessById(BrokerOf(run));
            killed.Add(broker.Id);
            broker.Kill();
        }

        (await host.ExitsAsync(180)).ShouldBe(0, host.Story);
        TestContext.Current.TestOutputHelper!.WriteLine($"{host.Story}\n{bed.LastStats(host.Id)}");
        Evidence.ShouldBeSound(bed).ShouldBeGreaterThan(1_500);
        killed.Count.ShouldBe(4);
        killed.ShouldNotContain(BrokerOf(bed.LastStats(host.Id)!.Value));
        await host.LeavesNobodyAsync();
    }

    private static bool Works(System.Text.Json.JsonElement run) => run.GetProperty("handled").GetInt64() > 100;

    private static int BrokerOf(System.Text.Json.JsonElement run) => run.GetProperty("broker_process_id").GetInt32();

    /// <summary>The outage's own length, and longer until services have committed a good deal; then what the host has managed meanwhile.</summary>
    private static async Task<System.Text.Json.JsonElement> SitOutAsync(DemoBed bed, HostProcess host, System.Text.Json.JsonElement before, TimeSpan outage)
    {
        await Task.Delay(outage, TestContext.Current.CancellationToken);
        return await bed.ReachesAsync(host, run => Number(run, "published") - Number(before, "published") > 500, "services go on committing");
    }

    private static void ShouldHaveHit(System.Text.Json.JsonElement before, System.Text.Json.JsonElement during)
    {
        var committed = Number(during, "published") - Number(before, "published");
        (Number(during, "delivered") - Number(before, "delivered")).ShouldBeLessThan(committed / 2, "nothing came through but what was under way");
    }

    private static long Number(System.Text.Json.JsonElement run, string name) => run.GetProperty(name).GetInt64();
}

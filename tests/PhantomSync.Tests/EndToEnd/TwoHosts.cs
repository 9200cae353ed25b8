using System.Text;
using System.Text.Json;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Tests.Kafka;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.EndToEnd;

[Collection(nameof(Fire))]
public sealed class TwoHosts(PostgresServer server)
{
    private const int Partitions = 12;

    [Fact]
    [Trait("row", "F02")]
    [Trait("row", "F12")]
    public async Task Two_hosts_share_the_work_and_one_that_is_killed_is_replaced_without_a_loss()
    {
        using var bed = new DemoBed(await server.CreateDatabaseAsync());
        await using var broker = HostProcess.Start(["broker"]);
        var address = JsonDocument.Parse(await broker.SaysAsync("bootstrapServers")).RootElement.GetProperty("bootstrapServers").GetString()!;
        foreach (var topic in DemoBed.Topics)
            await broker.SayAsync($"create-topic {topic} {Partitions}");
        await Wait.ForAsync(() => broker.Output.Split('\n').Count(line => line == "created") == DemoBed.Topics.Count, "all topics are there");

        HostProcess Demo(int seed, int events, string? failPoints = null) => bed.Demo(events, rate: 100, seed: seed, failPoints: failPoints, more: ["--kafka", address]);
        static bool Works(JsonElement run) => run.GetProperty("handled").GetInt64() > 0;
        await using var stays = Demo(seed: 1, events: 1_000_000);
        await bed.ReachesAsync(stays, Works, "the first host works");

        // Acknowledged by the broker and not yet deleted: whoever takes over the lanes sends it again.
        await using var dies = Demo(seed: 2, events: 1_500, failPoints: "relay.after_ack=kill@30");
        (await dies.ExitsAsync(180)).ShouldBe(HostProcess.Killed, dies.Story);
        Works(bed.LastStats(dies.Id)!.Value).ShouldBeTrue("the work was shared");
        await using var replaces = Demo(seed: 3, events: 300);
        (await replaces.ExitsAsync(180)).ShouldBe(0, replaces.Story);
        stays.HasExited.ShouldBeFalse($"they ran at the same time: {stays.Story}");
        stays.Terminate();
        (await stays.ExitsAsync(180)).ShouldBe(130, stays.Story);
        await using var last = Demo(seed: 4, events: 50);
        (await last.ExitsAsync(180)).ShouldBe(0, last.Story);
        foreach (var host in new[] { replaces, last })
        {
            var report = JsonDocument.Parse(host.Output).RootElement;
            TestContext.Current.TestOutputHelper!.WriteLine($"{report} {bed.LastStats(host.Id)}");
            foreach (var wrong in new[] { "lost", "applied_twice", "out_of_order" })
                report.GetProperty(wrong).GetInt64().ShouldBe(0, wrong);
        }

        Evidence.ShouldBeSound(bed).ShouldBeGreaterThan(600);
        bed.Read("platform", """SELECT DISTINCT "World" FROM tenants ORDER BY 1""", row => row.GetInt32(0)).ShouldBe([1, 2], "the replacement has taken over the tenants of the dead");
        bed.AllLastStats().Sum(run => run.GetProperty("duplicates_dropped").GetInt64()).ShouldBeGreaterThan(0, "inbox hits");
        Repeated(address).ShouldBeGreaterThan(0, "events that are more than once in the broker's log");
    }

    private static int Repeated(string address)
    {
        var connection = Brokers.Connect(new FixedBrokerAddress(address));
        return DemoBed.Topics.SelectMany(topic => connection.ReadAll(topic, Partitions))
            .Select(record => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("event_id")))
            .GroupBy(id => id)
            .Count(times => times.Count() > 1);
    }
}

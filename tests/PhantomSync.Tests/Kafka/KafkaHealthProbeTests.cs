using Microsoft.Extensions.Diagnostics.HealthChecks;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Health;

namespace PhantomSync.Tests.Kafka;

[Trait("row", "S10.07")]
public sealed class KafkaHealthProbeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // Patient where health is expected: a busy machine is not an ill broker.
    private static KafkaHealthOptions Patient => new() { Deadline = TimeSpan.FromSeconds(30), MinInterval = TimeSpan.Zero, Slow = TimeSpan.FromSeconds(30) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_is_lost_when_the_broker_stops_and_comes_back_with_it()
    {
        using var cluster = new MockCluster();
        var options = Patient;
        cluster.CreateTopic(options.Topic, 1);
        await using var probe = new KafkaHealthProbe(cluster.Connect(), options);
        (await probe.VerdictAsync(Cancellation)).Status.ShouldBe(HealthStatus.Healthy);

        cluster.SetDown();
        options.Deadline = TimeSpan.FromSeconds(1);
        (await probe.VerdictAsync(Cancellation)).Status.ShouldBe(HealthStatus.Degraded);
        var bad = await probe.VerdictAsync(Cancellation);
        bad.Status.ShouldBe(HealthStatus.Unhealthy);
        bad.Reason!.ShouldContain(cluster.BootstrapServers);

        cluster.SetUp();
        options.Deadline = Patient.Deadline;
        (await probe.VerdictAsync(Cancellation)).Status.ShouldBe(HealthStatus.Unhealthy);
        var good = await probe.VerdictAsync(Cancellation);
        good.Status.ShouldBe(HealthStatus.Healthy);
        good.Reason.ShouldBeNull();
    }

    [Fact]
    public async Task However_often_it_is_asked_it_tries_at_a_slow_rate()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic(Patient.Topic, 1);
        var connection = cluster.Connect();
        await using var probe = new KafkaHealthProbe(connection, new KafkaHealthOptions { MinInterval = TimeSpan.FromMinutes(1) });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => probe.CheckHealthAsync(new HealthCheckContext(), Cancellation)));
        connection.ReadAll(Patient.Topic, 1).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_result_says_since_when_and_where()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic(Patient.Topic, 1);
        await using var probe = new KafkaHealthProbe(cluster.Connect(), Patient);
        var result = await probe.CheckHealthAsync(new HealthCheckContext(), Cancellation);
        result.Status.ShouldBe(HealthStatus.Healthy);
        result.Data["since"].ShouldBeOfType<DateTimeOffset>();
        result.Data["bootstrapServers"].ShouldBe(cluster.BootstrapServers);
    }

    [Fact]
    [Trait("row", "S10.09")]
    public void The_verdict_turns_only_when_trials_persist_and_remembers_since_when()
    {
        var verdict = new HealthVerdict(HealthStatus.Healthy, Noon, Reason: null, Run: 0);
        verdict = Try(null, 1);
        verdict.ShouldBe(new HealthVerdict(HealthStatus.Healthy, Noon, Reason: null, Run: 1));
        verdict = Try("down", 2);
        (verdict.Status, verdict.Since).ShouldBe((HealthStatus.Degraded, Noon.AddMinutes(2)));
        verdict = Try("down", 3);
        (verdict.Status, verdict.Since).ShouldBe((HealthStatus.Unhealthy, Noon.AddMinutes(3)));
        verdict = Try(null, 4);
        (verdict.Status, verdict.Since, verdict.Reason).ShouldBe((HealthStatus.Unhealthy, Noon.AddMinutes(3), "down"));
        verdict = Try("down", 5);
        (verdict.Status, verdict.Since).ShouldBe((HealthStatus.Unhealthy, Noon.AddMinutes(3)));
        verdict = Try(null, 6);
        verdict = Try(null, 7);
        (verdict.Status, verdict.Since, verdict.Reason).ShouldBe((HealthStatus.Healthy, Noon.AddMinutes(7), null));

        HealthVerdict Try(string? trouble, int minutes) => verdict.After(trouble, slowness: null, persistence: 2, Noon.AddMinutes(minutes));
    }

    [Fact]
    public void A_slow_way_is_a_degraded_one()
    {
        var verdict = new HealthVerdict(HealthStatus.Healthy, Noon, Reason: null, Run: 3).After(trouble: null, "slow", persistence: 2, Noon.AddMinutes(1));
        (verdict.Status, verdict.Reason).ShouldBe((HealthStatus.Degraded, "slow"));
        verdict.After(trouble: null, slowness: null, persistence: 2, Noon.AddMinutes(2)).Status.ShouldBe(HealthStatus.Healthy);
    }
}

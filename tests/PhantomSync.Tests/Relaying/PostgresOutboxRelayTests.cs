using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Tests.Outbox;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Relaying;

public sealed class PostgresOutboxRelayTests(PostgresServer server) : OutboxRelayContract
{
    protected override Task<OutboxBed> CreateBedAsync() => OutboxBed.PostgresAsync(server, frozenAfter: TimeSpan.FromSeconds(2));

    [Fact, Trait("row", "S8.07")]
    public async Task Relays_whose_connections_are_cut_again_and_again_lose_nothing_and_keep_the_order_of_each_key()
    {
        await using var one = new RunningRelay(Bed, Kafka, workers: 2, configure: o => o.BackoffMax = TimeSpan.FromMilliseconds(100));
        await using var two = new RunningRelay(Bed, Kafka, workers: 1, configure: o => o.BackoffMax = TimeSpan.FromMilliseconds(100));
        for (var round = 0; round < 10; round++)
        {
            var first = round * 20;
            await Bed.PublishAsync(Enumerable.Range(0, 400).Select(i => Bed.Message($"{i % 20}", $"{i % 20}/{first + (i / 20)}")));
            await using var context = Bed.NewContext();
            await context.Database.ExecuteSqlAsync(
                $"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY pid ORDER BY random() LIMIT 1",
                Cancel);
        }

        await EmptyAsync();
        ShouldBeComplete(keys: 20, events: 4_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_frozen_session_is_ended_and_its_lanes_are_taken_over(bool whileSharing)
    {
        await using var frozen = await Bed.Store.OpenAsync(Cancel);
        (await frozen.EnsureLanesAsync(Cancel)).Held.ShouldBe(Lanes.Count);
        var relay = new RunningRelay(Bed, Kafka, workers: 1);
        await using var owner = relay;
        if (whileSharing)
            await Wait.ForAsync(async () => (await frozen.EnsureLanesAsync(Cancel)).Held == Lanes.Count / 2);
        await PublishAsync(keys: 20, events: 40);
        await EmptyAsync();
        ShouldBeComplete(keys: 20, events: 40);
    }

    [Fact]
    public async Task A_worker_that_waits_for_Kafka_is_not_taken_for_frozen()
    {
        var report = new TaskCompletionSource();
        Kafka.Decide = _ => new(PhantomSync.Kafka.Producing.DeliveryOutcome.Stored, IsInLog: true, After: report.Task);
        await using var one = new RunningRelay(Bed, Kafka, workers: 1, configure: o => o.Heartbeat = TimeSpan.FromMilliseconds(300));

        // In one transaction: the worker waits for the reports on what it has read, and reads nothing more meanwhile.
        await Bed.PublishAsync(Enumerable.Range(0, 64).Select(i => Bed.Message($"{i}", $"{i}/0")));
        await Kafka.UntilAsync(log => log.Count == 64);
        await using var two = new RunningRelay(Bed, Kafka, workers: 1, configure: o => o.Heartbeat = TimeSpan.FromMilliseconds(300));
        await Task.Delay(3_500, Cancel);
        Kafka.Log.Count.ShouldBe(64);
        report.SetResult();
        await EmptyAsync();
        Kafka.Log.Count.ShouldBe(64);
    }
}

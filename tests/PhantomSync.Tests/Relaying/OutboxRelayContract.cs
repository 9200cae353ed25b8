using System.Text;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;
using PhantomSync.Tests.Outbox;

namespace PhantomSync.Tests.Relaying;

/// <summary>What the relay does on every store.</summary>
public abstract class OutboxRelayContract : IAsyncLifetime
{
    protected OutboxBed Bed { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal FakeKafka Kafka { get; } = new();

    public async ValueTask InitializeAsync() => Bed = await CreateBedAsync();

    public async ValueTask DisposeAsync()
    {
        if (Bed is not null)
            await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_event_is_sent_once_in_order_and_removed()
    {
        await PublishAsync(keys: 17, events: 1_000);
        await using var relay = new RunningRelay(Bed, Kafka);
        await EmptyAsync();
        Kafka.Log.Count.ShouldBe(1_000);
        ShouldBeComplete(keys: 17, events: 1_000);
        (await Bed.CountAsync("outbox_message")).ShouldBe(0);
    }

    [Fact]
    public async Task A_commit_wakes_the_relay()
    {
        await using var relay = new RunningRelay(Bed, Kafka, workers: 1, configure: o => o.PollMin = o.PollMax = o.LaneRefresh = TimeSpan.FromHours(1));
        for (var i = 0; i < 20; i++)
        {
            await Bed.PublishAsync(Bed.Message($"k{i}", $"{i}"));
            relay.Signal.Set();
            await Kafka.UntilAsync(log => log.Count == i + 1);
        }
    }

    [Fact, Trait("row", "S8.09")]
    public async Task Random_failures_and_lost_acknowledgements_lose_nothing_and_keep_the_order_of_each_key()
    {
        var random = new Random(17);
        Kafka.Decide = _ =>
        {
            lock (random)
            {
                return random.Next(10) switch
                {
                    0 => new(DeliveryOutcome.Retriable),
                    1 => new(DeliveryOutcome.Unknown),
                    2 => new(DeliveryOutcome.Unknown, IsInLog: true),
                    3 => new(DeliveryOutcome.Stored, IsInLog: true, After: Task.Delay(random.Next(3))),
                    _ => null,
                };
            }
        };
        await using var relay = new RunningRelay(Bed, Kafka, configure: o => o.BackoffMin = o.BackoffMax = TimeSpan.FromMilliseconds(5));
        await PublishAsync(keys: 13, events: 600);
        await EmptyAsync();
        ShouldBeComplete(keys: 13, events: 600);
    }

    [Fact, Trait("row", "S8.05")]
    public async Task A_refused_event_is_a_dead_letter_and_the_rest_of_its_key_goes_on()
    {
        Kafka.Decide = record => Encoding.UTF8.GetString(record.Body) == "1/3" ? new(DeliveryOutcome.Refused, Reason: "policy") : null;
        await using var relay = new RunningRelay(Bed, Kafka);
        await PublishAsync(keys: 2, events: 20);
        await EmptyAsync();
        Kafka.Log.Count.ShouldBe(19);
        (await Bed.CountAsync("dead_letter", "reason = 'policy'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_record_that_is_too_large_is_refused_without_being_sent()
    {
        await using var relay = new RunningRelay(Bed, Kafka, configure: o => o.MaxRecordBytes = 2_000);
        await Bed.PublishAsync(Bed.Message("k", new string('x', 3_000)), Bed.Message("k", "small"));
        await EmptyAsync();
        Kafka.Log.Select(r => r.Body).ShouldBe(["small"]);
        (await Bed.CountAsync("dead_letter")).ShouldBe(1);
    }

    [Fact, Trait("row", "S8.05")]
    public async Task A_topic_that_is_denied_waits_while_others_go_on_and_is_probed_until_it_works()
    {
        var denied = true;
        var tries = 0;
        Kafka.Decide = record =>
        {
            if (record.Topic != "closed" || !Volatile.Read(ref denied))
                return null;
            Interlocked.Increment(ref tries);
            return new(DeliveryOutcome.Denied);
        };
        await using var relay = new RunningRelay(Bed, Kafka, workers: 1, configure: o => o.BackoffMin = o.BackoffMax = TimeSpan.FromMilliseconds(50));
        await Bed.PublishAsync(Enumerable.Range(0, 300).Select(i => Bed.Message("k", $"c{i}", topic: "closed")));
        await Bed.PublishAsync(Enumerable.Range(0, 300).Select(i => Bed.Message("k", $"o{i}", topic: "open")));
        await Kafka.UntilAsync(log => log.Count == 300);
        await Wait.ForAsync(() => Volatile.Read(ref tries) >= 3);
        Kafka.Log.ShouldAllBe(record => record.Topic == "open");
        Volatile.Write(ref denied, false);
        await EmptyAsync();
        Kafka.Applied("closed").Select(r => r.Body).ShouldBe(Enumerable.Range(0, 300).Select(i => $"c{i}"));
    }

    [Fact]
    public async Task A_stop_waits_for_the_reports_on_what_is_in_flight()
    {
        var report = new TaskCompletionSource();
        Kafka.Decide = _ => new(DeliveryOutcome.Stored, IsInLog: true, After: report.Task);
        var relay = new RunningRelay(Bed, Kafka);
        await Bed.PublishAsync(Bed.Message("k", "1"), Bed.Message("k", "2"));
        await Kafka.UntilAsync(log => log.Count == 1);
        var stopping = relay.DisposeAsync().AsTask();
        report.SetResult();
        await stopping;
        Kafka.Log.Select(r => r.Body).ShouldBe(["1"]);
        (await Bed.CountAsync("outbox_queue")).ShouldBe(1);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_ever()
    {
        Kafka.Decide = _ => new(DeliveryOutcome.Stored, IsInLog: true, After: new TaskCompletionSource().Task);
        var relay = new RunningRelay(Bed, Kafka, configure: o => o.StopWithin = TimeSpan.FromMilliseconds(200));
        await Bed.PublishAsync(Bed.Message("k", "1"));
        await Kafka.UntilAsync(log => log.Count == 1);
        await relay.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        (await Bed.CountAsync("outbox_queue")).ShouldBe(1);
    }

    [Fact]
    public async Task With_a_volatile_broker_an_event_stays_until_every_group_has_consumed_it()
    {
        var log = new VolatileLog();
        log.Register("slow", ["shop.orders"]);
        log.Register("fast", ["shop.orders"]);
        await using var relay = new RunningRelay(Bed, Kafka, log, workers: 1);
        await PublishAsync(keys: 1, events: 10);
        await Wait.ForAsync(async () => await Bed.CountAsync("outbox_queue", "state = 4") == 10);
        log.Consumed("fast", "shop.orders", 0, 10, log.Incarnation);
        log.Consumed("slow", "shop.orders", 0, 4, log.Incarnation);
        await Wait.ForAsync(async () => await Bed.CountAsync("outbox_queue") == 6);
        log.Consumed("slow", "shop.orders", 0, 10, log.Incarnation);
        await EmptyAsync();
        Kafka.Log.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_volatile_broker_that_forgets_is_fed_again_in_order_with_what_was_not_consumed()
    {
        var log = new VolatileLog();
        log.Register("group", ["shop.orders"]);
        await using var relay = new RunningRelay(Bed, Kafka, log, workers: 1);
        await PublishAsync(keys: 1, events: 10);
        await Wait.ForAsync(async () => await Bed.CountAsync("outbox_queue", "state = 4") == 10);
        log.Consumed("group", "shop.orders", 0, 4, log.Incarnation);
        await Wait.ForAsync(async () => await Bed.CountAsync("outbox_queue") == 6);
        Kafka.Clear();
        log.Reset();
        await Kafka.UntilAsync(records => records.Count == 6);
        Kafka.Log.Select(r => r.Body).ShouldBe(Enumerable.Range(4, 6).Select(i => $"0/{i}"));
        log.Consumed("group", "shop.orders", 0, 6, log.Incarnation);
        await EmptyAsync();
    }

    [Fact]
    public async Task What_was_sent_to_a_volatile_broker_is_sent_again_after_a_restart()
    {
        var log = new VolatileLog();
        log.Register("group", ["shop.orders"]);
        await using (new RunningRelay(Bed, Kafka, log))
        {
            await PublishAsync(keys: 3, events: 9);
            await Wait.ForAsync(async () => await Bed.CountAsync("outbox_queue", "state = 4") == 9);
        }

        Kafka.Clear();
        await using var relay = new RunningRelay(Bed, Kafka, log);
        await Kafka.UntilAsync(records => records.Count == 9);
        ShouldBeComplete(keys: 3, events: 9);
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_topic_without_room()
    {
        var log = new VolatileLog();
        log.Register("group", ["shop.orders", "other"]);
        log.Stored("shop.orders", 0, 0, (int)VolatileLog.HighWaterBytes, log.Incarnation);
        await using var relay = new RunningRelay(Bed, Kafka, log, workers: 1);
        await Bed.PublishAsync(Bed.Message("k", "waits"), Bed.Message("k", "goes", topic: "other"));
        await Kafka.UntilAsync(records => records.Count == 1);
        Kafka.Log[0].Body.ShouldBe("goes");
        log.Consumed("group", "shop.orders", 0, 1, log.Incarnation);
        await Kafka.UntilAsync(records => records.Count == 2);
    }

    protected abstract Task<OutboxBed> CreateBedAsync();

    /// <summary>Publishes numbered events of some keys, in several transactions.</summary>
    protected async Task PublishAsync(int keys, int events)
    {
        foreach (var transaction in Enumerable.Range(0, events).Chunk(50))
            await Bed.PublishAsync(transaction.Select(i => Bed.Message($"{i % keys}", $"{i % keys}/{i / keys}")));
    }

    protected Task EmptyAsync() => Wait.ForAsync(async () => await Bed.CountAsync("outbox_queue") == 0, seconds: 30);

    protected void ShouldBeComplete(int keys, int events)
    {
        var applied = Kafka.Applied().ToList();
        applied.Count.ShouldBe(events);
        for (var key = 0; key < keys; key++)
        {
            var numbers = applied.Where(r => r.Key == $"{key}").Select(r => int.Parse(r.Body.Split('/')[1])).ToList();
            numbers.SequenceEqual(Enumerable.Range(0, numbers.Count)).ShouldBeTrue($"key {key}: {string.Join(' ', numbers)}");
        }
    }
}

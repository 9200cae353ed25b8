using System.Diagnostics;
using Confluent.Kafka;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Riding;

/// <summary>What holds while members come and go, brokers fail and offsets cannot be committed.</summary>
public sealed class GroupTests(PostgresServer server) : LedgerContract
{
    [Fact, Trait("row", "S9.08")]
    public async Task While_members_come_and_go_every_event_is_applied_once_and_in_order()
    {
        using var cluster = new MockCluster();
        var first = await StartAsync(new Plan { Cluster = cluster, Partitions = 8 });
        var flood = FloodAsync(first, 0, 1_000);
        var second = await StartAsync(new Plan { Cluster = cluster, Partitions = 8 });
        await flood;

        // How long the group takes to share its partitions is the broker's affair, so events flow until it has.
        var sent = 1_000;
        await Wait.ForAsync(
            async () =>
            {
                await FloodAsync(first, sent, sent += 100);
                return !second.Script.Attempts.IsEmpty;
            },
            "the second has work, too",
            seconds: 120);
        flood = FloodAsync(first, sent, sent += 1_000);
        await second.StopAsync();
        await flood;
        await first.NotesAsync(sent, seconds: 120);
        foreach (var key in (await first.EffectsAsync()).GroupBy(effect => effect.Model))
            key.Select(effect => int.Parse(effect.Note)).ShouldBeInOrder(SortDirection.Ascending, $"order of {key.Key}");
        await second.DisposeAsync();
        await first.DisposeAsync();
    }

    [Fact, Trait("row", "S7.06")]
    public async Task A_handler_slower_than_the_poll_interval_keeps_its_partition()
    {
        var slow = true;
        var bed = await StartAsync(
            new Plan
            {
                Kafka = (_, kafka) => kafka.Client.Configure = config =>
            {
                if (config is ConsumerConfig consumer)
                    consumer.MaxPollIntervalMs = 1_500;
            }
            },
            script => script.Act = async deed =>
            {
                if (Volatile.Read(ref slow))
                    await Task.Delay(TimeSpan.FromSeconds(4), deed.Context.CancellationToken);
                slow = false;
            });
        await bed.ProduceAsync(RiderBed.Created("slow"), RiderBed.Created("next"));
        (await bed.NotesAsync(2)).ShouldBe(["slow", "next"]);
        bed.Script.Count("slow").ShouldBe(1, "it was neither cancelled nor delivered again");
    }

    [Fact, Trait("row", "S9.06")]
    public async Task A_stop_finishes_what_is_in_hand_and_commits_it()
    {
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var bed = await StartAsync(script: script => script.Act = deed =>
        {
            started.TrySetResult();
            return release.Task;
        });
        await bed.ProduceAsync(RiderBed.Created("one"));
        await started.Task.WaitAsync(Cancel);
        var stopping = bed.StopAsync();
        stopping.IsCompleted.ShouldBeFalse();
        release.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        (await bed.NotesAsync()).ShouldBe(["one"]);
        (await bed.CommittedAsync()).ShouldBe(1);
    }

    [Fact, Trait("row", "S9.06")]
    public async Task A_stop_ends_within_its_limit_also_when_a_handler_does_not()
    {
        var started = new TaskCompletionSource();
        var bed = await StartAsync(
            new Plan { Service = service => service.Consumer<ApplyModel>().Options(options => options.DrainTime = TimeSpan.FromMilliseconds(100)) },
            script => script.Act = async deed =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.Infinite, deed.Context.CancellationToken);
            });
        await bed.ProduceAsync(RiderBed.Created("one"));
        await started.Task.WaitAsync(Cancel);
        await bed.StopAsync().WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        (await bed.NotesAsync()).ShouldBeEmpty();
        (await bed.CommittedAsync()).ShouldBe(-1);
    }

    [Theory, Trait("row", "S9.07")]
    [InlineData(ErrorCode.IllegalGeneration, true)]
    [InlineData(ErrorCode.UnknownMemberId, true)]
    [InlineData((ErrorCode)113)] // STALE_MEMBER_EPOCH, which takes the place of ILLEGAL_GENERATION in the new protocol
    [InlineData(ErrorCode.UnknownMemberId)]
    [InlineData(ErrorCode.RebalanceInProgress)]
    [InlineData(ErrorCode.GroupAuthorizationFailed)]
    [InlineData(ErrorCode.FencedInstanceId)]
    public async Task A_commit_that_fails_undoes_no_work_and_is_made_up_for(ErrorCode error, bool classic = false)
    {
        var bed = await StartAsync(new Plan
        {
            Kafka = (_, kafka) =>
        {
            if (!classic)
                return;
            kafka.Client.VolatileProfile = false;
            kafka.Client.GroupProtocol = GroupProtocolChoice.Classic;
            kafka.Client.SessionTimeoutMs = 2_000;
        }
        });
        bed.Cluster.FailNext(KafkaApi.OffsetCommit, error, error);
        await bed.ProduceAsync(Enumerable.Range(0, 10).Select(i => RiderBed.Created($"{i}")));
        (await bed.NotesAsync(10)).ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));
        await bed.ProduceAsync(RiderBed.Created("10"));
        (await bed.NotesAsync(11)).Last().ShouldBe("10");
        await Wait.ForAsync(async () => await bed.CommittedAsync() == 11, async () => $"the offset is committed after all ({await bed.CommittedAsync()}; {TestLog.Instance.Tail})");
        (await bed.NotesAsync()).Count.ShouldBe(11);
    }

    [Fact, Trait("row", "S7.03")]
    public async Task A_log_that_begins_anew_is_read_from_its_beginning()
    {
        var bed = await StartAsync(new Plan
        {
            Kafka = (_, kafka) => kafka.Client.Configure = config =>
        {
            if (config is ConsumerConfig consumer)
                consumer.AutoOffsetReset = AutoOffsetReset.Earliest;
        }
        });
        await bed.ProduceAsync(Enumerable.Range(0, 10).Select(i => RiderBed.Created($"{i}")));
        await bed.NotesAsync(10);
        bed.Cluster.DeleteTopic(RiderBed.Models);
        bed.Cluster.CreateTopic(RiderBed.Models, 1);
        await bed.ProduceAsync(RiderBed.Created("10"));
        (await bed.NotesAsync(11)).ShouldBe(Enumerable.Range(0, 11).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_broker_that_loses_its_memory_is_fed_again_and_nothing_is_lost()
    {
        var log = new VolatileLog();
        await using var broker = await EmbeddedBroker.StartAsync(log, cancellation: Cancel);
        var bed = await StartAsync(new Plan { Embedded = broker, VolatileLog = log, Partitions = 4 });
        var killed = 0;
        for (var i = 0; i < 300; i++)
        {
            await bed.PublishAsync(RiderBed.Created($"{i}", model: $"m{i % 7}"));
            if (i is 100 or 200)
            {
                await Wait.ForAsync(() => Task.FromResult(broker.ProcessId != killed), "the broker has a successor");
                using var process = Process.GetProcessById(killed = broker.ProcessId);
                process.Kill();
            }
        }

        await bed.NotesAsync(300, seconds: 120);
        foreach (var key in (await bed.EffectsAsync()).GroupBy(effect => effect.Model))
            key.Select(effect => int.Parse(effect.Note)).ShouldBeInOrder(SortDirection.Ascending, $"order of {key.Key}");
        await Wait.ForAsync(async () => await bed.CountAsync("outbox_message") == 0, "what is consumed is forgotten");
        await bed.DisposeAsync();
    }

    protected override Task<LedgerStore> CreateStoreAsync() => LedgerStore.PostgresAsync(server);

    private static Task FloodAsync(RiderBed bed, int from, int to) =>
        bed.FloodAsync(Enumerable.Range(from, to - from).Select(i => RiderBed.Created($"{i}", model: $"m{i % 40}")));
}

using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Tests.Kafka;

namespace PhantomSync.Tests.Consuming;

public sealed class PartitionWorkerTests : IDisposable
{
    private readonly SemaphoreSlim _places = new(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _places.Dispose();

    [Fact, Trait("row", "S9.05")]
    public async Task A_failure_that_nobody_foresaw_is_tried_again_and_does_not_end_the_partition()
    {
        var failures = 0;
        await using var worker = Worker(0, (_, _, _) => Interlocked.Increment(ref failures) <= 2 ? throw new ArithmeticException("a bug") : Task.CompletedTask);
        worker.Add(Record(7));
        await Wait.ForAsync(() => worker.Position == 8, "the record is handled after all");
    }

    [Fact, Trait("row", "S9.07")]
    public async Task The_position_moves_after_the_work_and_never_before()
    {
        var release = new TaskCompletionSource();
        await using var worker = Worker(0, (_, _, _) => release.Task);
        worker.Add(Record(0));
        worker.Add(Record(1));
        await Wait.ForAsync(() => _places.CurrentCount == 0, "the batch is in hand");
        worker.Position.ShouldBe(-1);
        release.SetResult();
        await Wait.ForAsync(() => worker.Position == 2, "both are handled");
    }

    [Fact]
    public async Task Records_come_in_order_whatever_the_batches()
    {
        var seen = new List<long>();
        await using var worker = Worker(0, (records, _, _) =>
        {
            seen.AddRange(records.Select(record => record.Offset));
            return Task.CompletedTask;
        });
        for (var i = 0; i < 20_000; i++)
            worker.Add(Record(i));
        await Wait.ForAsync(() => worker.Position == 20_000, "all are handled: no wake-up is lost");
        seen.SequenceEqual(Enumerable.Range(0, 20_000).Select(i => (long)i)).ShouldBeTrue();
    }

    [Fact, Trait("row", "S9.06")]
    public async Task A_batch_in_hand_is_finished_within_the_drain_time()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var worker = Worker(0, async (_, _, token) =>
        {
            started.SetResult();
            await release.Task.WaitAsync(token);
        });
        worker.Add(Record(0));
        await started.Task.WaitAsync(Cancel);
        worker.Add(Record(1));
        var draining = worker.DrainAsync(TimeSpan.FromMinutes(1));
        release.SetResult();
        await draining.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        worker.Position.ShouldBe(1, "the batch in hand is done, the next was not begun");
        await worker.DisposeAsync();
        _places.CurrentCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_that_takes_too_long_is_cancelled_and_its_position_stays()
    {
        var started = new TaskCompletionSource();
        var worker = Worker(0, async (_, _, token) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        worker.Add(Record(0));
        await started.Task.WaitAsync(Cancel);
        await worker.DrainAsync(TimeSpan.FromMilliseconds(10)).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        worker.Position.ShouldBe(-1);
        await worker.DisposeAsync();
        _places.CurrentCount.ShouldBe(1);
    }

    [Fact, Trait("row", "S9.14")]
    public async Task A_handler_that_does_not_heed_its_cancellation_does_not_hold_up_the_stop()
    {
        var release = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var worker = Worker(0, (_, _, _) =>
        {
            started.SetResult();
            return release.Task;
        });
        worker.Add(Record(0));
        await started.Task.WaitAsync(Cancel);
        await worker.DrainAsync(TimeSpan.Zero).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        release.SetResult();
        await Wait.ForAsync(() => _places.CurrentCount == 1, "it gives its place back when it ends");
        await worker.DisposeAsync();
    }

    [Fact, Trait("row", "S9.04")]
    public async Task A_partition_that_waits_gives_its_place_to_another()
    {
        var resting = new TaskCompletionSource();
        await using var stuck = Worker(0, async (_, turn, token) =>
        {
            resting.TrySetResult();
            while (true)
                await turn.RestAsync(TimeSpan.FromMilliseconds(20), TimeProvider.System, token);
        });
        await using var healthy = Worker(1, (_, _, _) => Task.CompletedTask);
        stuck.Add(Record(0));
        await resting.Task.WaitAsync(Cancel);
        for (var i = 0; i < 50; i++)
        {
            healthy.Add(Record(i));
            await Wait.ForAsync(() => healthy.Position == i + 1, $"record {i} of the other partition is handled");
        }

        stuck.Position.ShouldBe(-1);
    }

    private PartitionWorker Worker(int partition, Func<IReadOnlyList<IncomingRecord>, PartitionTurn, CancellationToken, Task> handle) =>
        new(new TopicPartition("t", partition), new TopicEndpointOptions { BatchLimit = 100 }, new Handler(handle), _places, static (_, _) => { }, NullLogger.Instance);

    private static IncomingRecord Record(long offset) => new() { Topic = "t", Partition = 0, Offset = offset, Body = [1] };

    private sealed class Handler(Func<IReadOnlyList<IncomingRecord>, PartitionTurn, CancellationToken, Task> handle) : IRecordBatchHandler
    {
        public Task HandleAsync(IReadOnlyList<IncomingRecord> records, PartitionTurn turn, CancellationToken cancellationToken) => handle(records, turn, cancellationToken);
    }
}

using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using PhantomSync.Kafka.Embedded;

namespace PhantomSync.Kafka.Consuming;

/// <summary>
/// Reads the topics of one consumer group. One thread polls, so that the group sees a living member however long a handler
/// takes; each partition has a worker. An offset is committed after the work before it is, never earlier.
/// </summary>
/// <remarks>
/// Stop order: polling ends, the workers finish their batch within <see cref="TopicEndpointOptions.DrainTime"/>, the offsets
/// are committed, the group is left.
/// </remarks>
internal sealed partial class GroupConsumer(
    string group,
    IReadOnlyCollection<string> topics,
    TopicEndpointOptions options,
    Func<string, ConsumerBuilder<byte[], byte[]>> client,
    IRecordBatchHandler handler,
    VolatileLog? volatileLog,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PollWhilePaused = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);
    private const int PollsBetweenBreaths = 128;
    private static readonly TimeSpan LastCommit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SpareAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<TopicPartition, PartitionWorker> _workers = [];
    private readonly SemaphoreSlim _gate = new(options.ConcurrentPartitions);
    private readonly SemaphoreSlim _room = new(0, 1);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _restart;
    private int _incarnation;
    private int _polls;
    private bool _started;
    private Task _committing = Task.CompletedTask;
    private volatile bool _commitFailed;
    private long _committedAt;
    private bool _giveUp;
    private Exception? _trouble;

    /// <summary>
    /// Ends when the group has first given this member its partitions, or has had none for it for a while: a group with more
    /// members than partitions is in order.
    /// </summary>
    public Task Ready => _ready.Task;

    /// <summary>Raised with the reason when reading has come to a halt, and with null when it goes on; handlers must be quick.</summary>
    public event Action<Exception?>? Turned;

    public void Start()
    {
        _started = true;
        new Thread(Run) { IsBackground = true, Name = $"kafka:{group}" }.Start();
    }

    /// <summary>The broker has a new address or a new life: read on there, from the offsets it knows.</summary>
    public void Restart() => _restart = true;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await using var registration = cancellationToken.Register(() => _giveUp = true);
        if (_started)
            await _ended.Task;
        _ready.TrySetCanceled(CancellationToken.None);
    }

    public void Dispose()
    {
        // The semaphores are left to the collector: a worker that was left behind may still use them.
        _stopping.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                try
                {
                    RunOneClient();
                }
                catch (Exception exception)
                {
                    LogClientFailed(group, exception);
                    Turn(exception);
                    _stopping.Token.WaitHandle.WaitOne(RestartPause);
                }
            }
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private void RunOneClient()
    {
        _restart = false;
        _incarnation = volatileLog?.Incarnation ?? 0;
        var consumer = client(group)
            .SetPartitionsAssignedHandler(Assigned)
            .SetPartitionsRevokedHandler((client, partitions) => GiveUp(client, partitions, options.DrainTime))
            .SetPartitionsLostHandler((client, partitions) => GiveUp(null, partitions, TimeSpan.Zero))
            .SetErrorHandler((_, error) => LogKafka(group, error.Reason, error.IsFatal))
            .Build();
        try
        {
            consumer.Subscribe(topics);
            var subscribed = time.GetTimestamp();
            while (!_stopping.IsCancellationRequested && !_restart)
            {
                PollOnce(consumer);
                if (!_ready.Task.IsCompleted && _trouble is null && time.GetElapsedTime(subscribed) > SpareAfter)
                    _ready.TrySetResult();
            }
        }
        finally
        {
            var gone = _restart;
            GiveUp(gone ? null : consumer, [.. _workers.Keys.Select(partition => new TopicPartitionOffset(partition, Offset.Unset))], _giveUp || gone ? TimeSpan.Zero : options.DrainTime);
            if (gone || !_committing.IsCompleted)
                Abandon(consumer);
            else
                Leave(consumer);
        }
    }

    private void Leave(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            consumer.Close();
        }
        catch (KafkaException exception)
        {
            // A fenced member cannot leave politely; the group drops it by itself.
            LogCloseFailed(group, exception);
        }

        consumer.Dispose();
    }

    /// <summary>
    /// The broker is gone, or does not answer a commit: nobody can take leave of it, and a commit under way is given up only after
    /// the session timeout, most of a minute. The next client must not wait for that.
    /// </summary>
    private void Abandon(IConsumer<byte[], byte[]> consumer)
    {
        _ = _committing.ContinueWith(_ => consumer.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _committing = Task.CompletedTask;
        _commitFailed = false;
    }

    private void PollOnce(IConsumer<byte[], byte[]> consumer)
    {
        var paused = false;
        foreach (var worker in _workers.Values)
        {
            if (worker.Paused && worker.Waiting <= options.Prefetch / 4)
            {
                worker.Paused = false;
                consumer.Resume([worker.Partition]);
            }

            paused |= worker.Paused;
        }

        if (++_polls % PollsBetweenBreaths == 0 && HaveEnough())
            _room.Wait(Breath);

        try
        {
            if (consumer.Consume(paused ? PollWhilePaused : Poll) is { } result)
                Hand(consumer, result);
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            LogConsumeFailed(group, exception.Error.Reason);
            if (exception.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed)
                Turn(exception);
            if (exception.Error.Code == ErrorCode.Local_AutoOffsetReset)
                SeekToStart(consumer, exception);
            else
                _stopping.Token.WaitHandle.WaitOne(PollWhilePaused);
        }

        // Committing waits for the brokers, and polling must not.
        if (_committing.IsCompleted && time.GetElapsedTime(_committedAt) >= options.CommitInterval && TakeOffsets(_workers.Values) is { } offsets)
            _committing = Task.Run(() => Commit(consumer, offsets));
    }

    /// <summary>
    /// Whether every place is taken and two batches for each are waiting. What is read further ahead only lives longer, here
    /// instead of in the client's own memory, and the collector moves it about.
    /// </summary>
    private bool HaveEnough() =>
        _gate.CurrentCount == 0 && _workers.Values.Sum(worker => worker.Waiting) >= 2 * options.ConcurrentPartitions * options.BatchLimit;

    private void Hand(IConsumer<byte[], byte[]> consumer, ConsumeResult<byte[], byte[]> result)
    {
        if (!_workers.TryGetValue(result.TopicPartition, out var worker))
            return;

        var offset = result.Offset.Value;
        if (worker.Expected >= 0 && offset < worker.Expected)
        {
            // The log was cut short, or the topic made anew: these are other records, and what is not is dropped by the inbox.
            LogBack(group, result.TopicPartition.ToString(), worker.Expected, offset);
            worker.Committed = -1;
        }

        if (volatileLog is not null && offset > Math.Max(worker.Expected, 0))
        {
            // A log in memory has no holes of its own: something was dropped before this group could read it.
            LogGap(group, result.TopicPartition.ToString(), Math.Max(worker.Expected, 0), offset);
            volatileLog.Refeed();
        }

        Turn(null);
        worker.Expected = offset + 1;
        worker.Add(IncomingRecord.Of(result));
        if (worker.Waiting < options.Prefetch)
            return;

        // Pausing throws away what the client has fetched, so a moment's wait comes first.
        if (_room.Wait(TimeSpan.FromMilliseconds(50)) && worker.Waiting < options.Prefetch)
            return;
        worker.Paused = true;
        consumer.Pause([worker.Partition]);
    }

    private IEnumerable<TopicPartitionOffset> Assigned(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        var starts = new List<TopicPartitionOffset>(partitions.Count);
        foreach (var committed in consumer.Committed(partitions, TimeSpan.FromSeconds(10)))
        {
            var start = committed.Offset.IsSpecial ? Offset.Beginning : committed.Offset;
            starts.Add(new TopicPartitionOffset(committed.TopicPartition, start));
            var incarnation = _incarnation;
            _workers[committed.TopicPartition] = new PartitionWorker(committed.TopicPartition, options, handler, _gate, (worker, position) => Progressed(worker, position, incarnation), logger)
            {
                Expected = start.IsSpecial ? -1 : start.Value,
            };
        }

        LogAssigned(group, string.Join(", ", starts));
        Turn(null);
        _ready.TrySetResult();
        return starts;
    }

    /// <summary>Ends the work on partitions; commits what was done if <paramref name="consumer"/> still owns them.</summary>
    private void GiveUp(IConsumer<byte[], byte[]>? consumer, List<TopicPartitionOffset> partitions, TimeSpan drainTime)
    {
        FailPoint.Hit(consumer is null ? "cons.in_lost" : "cons.in_revoke");
        var workers = new List<PartitionWorker>(partitions.Count);
        foreach (var partition in partitions)
        {
            if (_workers.Remove(partition.TopicPartition, out var worker))
                workers.Add(worker);
        }

        if (workers.Count == 0)
            return;
        Task.WaitAll([.. workers.Select(worker => worker.DrainAsync(drainTime))]);
        // A commit can wait for a coordinator that waits for this very revocation. What is not committed in time is read again by
        // the next owner, and dropped by its inbox.
        if (consumer is not null && _committing.Wait(LastCommit) && TakeOffsets(workers) is { } offsets)
        {
            _committing = Task.Run(() => Commit(consumer, offsets));
            _committing.Wait(LastCommit);
        }

        foreach (var worker in workers)
            _ = worker.DisposeAsync().AsTask();
    }

    /// <summary>What is done and not committed; null where that is nothing.</summary>
    private List<TopicPartitionOffset>? TakeOffsets(IEnumerable<PartitionWorker> workers)
    {
        _committedAt = time.GetTimestamp();
        if (_commitFailed)
        {
            _commitFailed = false;
            foreach (var worker in _workers.Values.Concat(workers))
                worker.Committed = -1;
        }

        List<TopicPartitionOffset>? offsets = null;
        foreach (var worker in workers)
        {
            var position = worker.Position;
            if (position <= worker.Committed)
                continue;
            (offsets ??= []).Add(new TopicPartitionOffset(worker.Partition, position));
            worker.Committed = position;
        }

        return offsets;
    }

    private void Commit(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> offsets)
    {
        try
        {
            FailPoint.Hit("cons.before_offset");
            consumer.Commit(offsets);
        }
        catch (Exception exception) when (exception is KafkaException or FailPointException)
        {
            // The work is done and in the inbox; whoever reads these records again drops them there.
            LogCommitFailed(group, exception.Message);
            _commitFailed = true;
        }
    }

    private void Progressed(PartitionWorker worker, long position, int incarnation)
    {
        volatileLog?.Consumed(group, worker.Partition.Topic, worker.Partition.Partition.Value, position, incarnation);
        lock (_room)
        {
            if (_room.CurrentCount == 0)
                _room.Release();
        }
    }

    private void Turn(Exception? trouble)
    {
        if (trouble is null == _trouble is null)
            return;
        _trouble = trouble;
        Turned?.Invoke(trouble);
    }

    private void SeekToStart(IConsumer<byte[], byte[]> consumer, ConsumeException exception)
    {
        var partition = exception.ConsumerRecord?.TopicPartition;
        if (partition is null || !_workers.TryGetValue(partition, out var worker))
            return;
        worker.Expected = -1;
        consumer.Seek(new TopicPartitionOffset(partition, Offset.Beginning));
        volatileLog?.Refeed();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Group}: reads {Partitions}")]
    private partial void LogAssigned(string group, string partitions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: the Kafka client failed and is made anew")]
    private partial void LogClientFailed(string group, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: reading failed: {Reason}")]
    private partial void LogConsumeFailed(string group, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Group}: {Partition} goes on at offset {Found} where {Expected} was expected; all that is not consumed is sent again")]
    private partial void LogGap(string group, string partition, long expected, long found);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: {Partition} goes back from offset {Expected} to {Found}")]
    private partial void LogBack(string group, string partition, long expected, long found);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Group}: offsets could not be committed: {Reason}")]
    private partial void LogCommitFailed(string group, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Group}: the group could not be left politely")]
    private partial void LogCloseFailed(string group, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: Kafka says: {Reason} (fatal: {Fatal})")]
    private partial void LogKafka(string group, string reason, bool fatal);
}

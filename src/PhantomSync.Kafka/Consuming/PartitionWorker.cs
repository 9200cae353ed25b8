using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace PhantomSync.Kafka.Consuming;

/// <summary>
/// Works off what was read from one partition: takes what is there, up to a limit and without waiting for more, has it handled,
/// and remembers how far it has got. Records are added by the thread that polls; everything else happens on the worker's task.
/// </summary>
internal sealed partial class PartitionWorker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TopicEndpointOptions _options;
    private readonly IRecordBatchHandler _handler;
    private readonly PartitionTurn _turn;
    private readonly ILogger _logger;
    private readonly Action<PartitionWorker, long> _progress;
    private readonly Lock _lock = new();
    private readonly Queue<IncomingRecord> _waiting = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly Task _running;
    private bool _draining;
    private long _position = -1;

    public PartitionWorker(TopicPartition partition, TopicEndpointOptions options, IRecordBatchHandler handler, SemaphoreSlim places, Action<PartitionWorker, long> progress, ILogger logger)
    {
        Partition = partition;
        _options = options;
        _handler = handler;
        _turn = new PartitionTurn(places);
        _logger = logger;
        _progress = progress;
        _running = Task.Run(RunAsync);
    }

    public TopicPartition Partition { get; }

    /// <summary>The offset after the last record that is handled; -1 before the first.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>The position last committed to Kafka; kept by the thread that polls.</summary>
    public long Committed { get; set; } = -1;

    /// <summary>Whether reading of this partition rests; kept by the thread that polls.</summary>
    public bool Paused { get; set; }

    /// <summary>The offset that must come next; -1 before the first. Kept by the thread that polls.</summary>
    public long Expected { get; set; } = -1;

    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    public void Add(IncomingRecord record)
    {
        lock (_lock)
        {
            if (_draining)
                return;
            _waiting.Enqueue(record);
        }

        Wake();
    }

    /// <summary>
    /// Takes no new batch and waits for the one in hand; when <paramref name="limit"/> is over, that one is cancelled and rolled
    /// back. A handler that does not heed the cancellation is left behind: whoever reads its records again is kept off by the inbox.
    /// </summary>
    public async Task DrainAsync(TimeSpan limit)
    {
        lock (_lock)
        {
            _draining = true;
            _waiting.Clear();
        }

        Wake();
        if (limit <= TimeSpan.Zero || await Task.WhenAny(_running, Task.Delay(limit)) != _running)
            await _abandoned.CancelAsync();
        if (await Task.WhenAny(_running, Task.Delay(Patience)) != _running)
            LogLeftBehind(Partition.ToString(), Patience.TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await DrainAsync(TimeSpan.Zero);
        if (!_running.IsCompleted)
            return;
        _abandoned.Dispose();
        _work.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<IncomingRecord>();
        while (true)
        {
            await _work.WaitAsync();
            while (await NextAsync(batch))
            {
                if (!await HandledAsync(batch))
                    return;

                var position = batch[^1].Offset + 1;
                Interlocked.Exchange(ref _position, position);
                _progress(this, position);
            }

            lock (_lock)
            {
                if (_draining)
                    return;
            }
        }
    }

    /// <summary>Waits for a place among the endpoint's partitions, then takes what is there. True: the place is held.</summary>
    private async Task<bool> NextAsync(List<IncomingRecord> batch)
    {
        batch.Clear();
        lock (_lock)
        {
            if (_waiting.Count == 0)
                return false;
        }

        try
        {
            await _turn.TakeAsync(_abandoned.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        var bytes = 0;
        lock (_lock)
        {
            while (batch.Count < _options.BatchLimit && bytes < _options.BatchBytes && _waiting.TryDequeue(out var record))
            {
                batch.Add(record);
                bytes += record.Body?.Length ?? 0;
            }
        }

        if (batch.Count > 0)
            return true;
        _turn.Give();
        return false;
    }

    /// <summary>False when the partition was given up meanwhile.</summary>
    private async Task<bool> HandledAsync(List<IncomingRecord> batch)
    {
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    await _handler.HandleAsync(batch, _turn, _abandoned.Token);
                    return true;
                }
                catch (Exception exception) when (!_abandoned.IsCancellationRequested)
                {
                    // The handler deals with all it can foresee. Whatever this is, a dead worker would be a silent halt.
                    LogFailed(batch[0].ToString(), pause.TotalSeconds, exception);
                    await _turn.RestAsync(pause, TimeProvider.System, _abandoned.Token);
                }
            }
        }
        catch (Exception exception) when (_abandoned.IsCancellationRequested)
        {
            if (exception is not OperationCanceledException)
                LogAbandoned(batch[0].ToString(), exception);
            return false;
        }
        finally
        {
            _turn.Give();
        }
    }

    private void Wake()
    {
        lock (_lock)
        {
            if (_work.CurrentCount == 0)
                _work.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The batch from {Record} failed where nothing may fail; its partition waits and tries again in {Pause:F1} s")]
    private partial void LogFailed(string record, double pause, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The batch from {Record} was given up")]
    private partial void LogAbandoned(string record, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: a handler has not heeded its cancellation for {Seconds} s and is left behind")]
    private partial void LogLeftBehind(string partition, double seconds);
}

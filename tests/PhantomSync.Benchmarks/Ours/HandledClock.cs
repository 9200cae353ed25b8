using System.Diagnostics;
using System.Diagnostics.Metrics;
using PhantomSync.Benchmarks.Workloads;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>Takes the time of a consumer group by its own counters: from the first batch that is handed on to the last commit.</summary>
internal sealed class HandledClock : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly TaskCompletionSource<long> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _group;
    private readonly long _expected;
    private long _began;
    private long _handled;
    private int _batches;

    public HandledClock(string group, long expected)
    {
        _group = group;
        _expected = expected;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "PhantomSync.Kafka" && instrument.Name is "phantomsync.consumer.delivered" or "phantomsync.consumer.handled")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Count);
        _listener.Start();
    }

    /// <summary>When the first batch began to be handled.</summary>
    public long Began => Interlocked.Read(ref _began);

    /// <summary>Of this process, at the same moment.</summary>
    public Cost CostAtBegin { get; private set; }

    /// <summary>When all that was expected had been committed.</summary>
    public Task<long> All => _all.Task;

    /// <summary>How many batches were committed.</summary>
    public int Batches => Volatile.Read(ref _batches);

    public void Dispose() => _listener.Dispose();

    private void Count(Instrument instrument, long count, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (tags is not [{ Value: string group }] || group != _group)
            return;
        var now = Stopwatch.GetTimestamp();
        if (instrument.Name == "phantomsync.consumer.delivered")
        {
            if (Interlocked.CompareExchange(ref _began, now, 0) == 0)
                CostAtBegin = Measure.CostNow();
        }
        else
        {
            Interlocked.Increment(ref _batches);
            if (Interlocked.Add(ref _handled, count) >= _expected)
                _all.TrySetResult(now);
        }
    }
}

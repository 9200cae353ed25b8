namespace PhantomSync.Host.Demo;

/// <summary>How long events took from being published to being handled, in this run.</summary>
internal sealed class DelayRecorder(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<double> _milliseconds = [];
    private readonly DateTimeOffset _started = time.GetUtcNow();

    /// <summary>Events of an earlier run would only measure the time between the runs.</summary>
    public void Record(DateTimeOffset occurredAt)
    {
        if (occurredAt < _started)
            return;
        lock (_lock)
            _milliseconds.Add((time.GetUtcNow() - occurredAt).TotalMilliseconds);
    }

    /// <summary>The delay in milliseconds that the given share of events did not exceed; 0 where there were none.</summary>
    public double Percentile(double share)
    {
        lock (_lock)
        {
            if (_milliseconds.Count == 0)
                return 0;
            _milliseconds.Sort();
            return Math.Round(_milliseconds[(int)Math.Min(_milliseconds.Count - 1, Math.Ceiling(share * _milliseconds.Count) - 1)], 1);
        }
    }
}

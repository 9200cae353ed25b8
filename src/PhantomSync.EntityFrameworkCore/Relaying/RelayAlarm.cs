namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>What one worker sleeps on: rung by a commit or by time. A ring while it is awake ends its next sleep at once.</summary>
internal sealed class RelayAlarm : IDisposable
{
    private readonly SemaphoreSlim _bell = new(0, 1);
    private readonly Action<RelayAlarm> _leave;
    private readonly ITimer _timer;
    private int _rung;

    public RelayAlarm(TimeProvider time, Action<RelayAlarm> leave)
    {
        _leave = leave;
        _timer = time.CreateTimer(static alarm => ((RelayAlarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Ring()
    {
        if (Interlocked.Exchange(ref _rung, 1) == 0)
            _bell.Release();
    }

    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        _timer.Change(atMost, Timeout.InfiniteTimeSpan);
        await _bell.WaitAsync(cancellationToken);
        Volatile.Write(ref _rung, 0);
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The semaphore is left to the collector: a commit elsewhere may be ringing this very moment.</summary>
    public void Dispose()
    {
        _leave(this);
        _timer.Dispose();
    }
}

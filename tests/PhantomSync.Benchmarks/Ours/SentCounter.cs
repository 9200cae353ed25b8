using System.Diagnostics;
using System.Diagnostics.Metrics;
using PhantomSync.EntityFrameworkCore.Relaying;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>Counts what the relay reports as acknowledged and deleted, by its own metric.</summary>
internal sealed class SentCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sent;

    public SentCounter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RelayMetrics.MeterName && instrument.Name == "phantomsync.outbox.sent")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, sent, _, _) => Interlocked.Add(ref _sent, sent));
        _listener.Start();
    }

    public long Sent => Interlocked.Read(ref _sent);

    /// <exception cref="TimeoutException">It takes longer than five minutes.</exception>
    public async Task ReachAsync(long count, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (Sent < count)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(5))
                throw new TimeoutException($"The relay has sent {Sent:N0} events of {count:N0} in five minutes.");
            await Task.Delay(1, cancellationToken);
        }
    }

    public void Dispose() => _listener.Dispose();
}

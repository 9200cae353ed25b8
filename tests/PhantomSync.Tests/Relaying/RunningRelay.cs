using Microsoft.Extensions.Logging.Abstractions;
using PhantomSync.EntityFrameworkCore.Relaying;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;
using PhantomSync.Tests.Outbox;

namespace PhantomSync.Tests.Relaying;

/// <summary>A relay of as many workers as a host would run.</summary>
internal sealed class RunningRelay : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _workers;

    public RunningRelay(OutboxBed bed, IRecordSender sender, VolatileLog? log = null, int workers = 0, Action<OutboxRelayOptions>? configure = null)
    {
        var options = new OutboxRelayOptions { PollMax = TimeSpan.FromMilliseconds(100), LaneRefresh = TimeSpan.FromMilliseconds(200) };
        configure?.Invoke(options);
        Metrics = new RelayMetrics(null, bed.Store.Name);
        workers = workers > 0 ? workers : bed.Store.DefaultWorkers;
        _workers = Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() =>
            new OutboxRelay(bed.Store, sender, options, TimeProvider.System, Signal, log, Metrics, NullLogger.Instance).RunAsync(_stop.Token))));
    }

    public RelaySignal Signal { get; } = new();

    public RelayMetrics Metrics { get; }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _workers.WaitAsync(TimeSpan.FromSeconds(60));
        Metrics.Dispose();
        _stop.Dispose();
    }
}

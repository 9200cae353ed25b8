using System.Diagnostics.Metrics;
using PhantomSync.Conflicts;

namespace PhantomSync.Tests.Conflicts;

public sealed class ConflictMetricsTests
{
    [Fact, Trait("row", "S16.24")]
    public void Conflicts_are_counted_by_kind_and_strategy_and_the_open_ones_shown()
    {
        using var meters = new Meters();
        using var metrics = new ConflictMetrics(meters);
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == meters.Made)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}"));
        listener.Start();

        metrics.Detected("ORDER", "LastWriteWins");
        metrics.Resolved("ORDER", "ManualResolution");
        metrics.SetOpen(typeof(OrderContext), new Dictionary<string, long> { ["ORDER"] = 2 });
        metrics.SetOpen(typeof(Order), new Dictionary<string, long> { ["ORDER"] = 1 });
        listener.RecordObservableInstruments();
        metrics.SetOpen(typeof(OrderContext), new Dictionary<string, long>());
        listener.RecordObservableInstruments();

        seen.ShouldBe(
        [
            "phantomsync.conflicts.detected 1 ORDER LastWriteWins",
            "phantomsync.conflicts.resolved 1 ORDER ManualResolution",
            "phantomsync.conflicts.open 3 ORDER",
            "phantomsync.conflicts.open 1 ORDER",
        ]);
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter? Made { get; private set; }

        public Meter Create(MeterOptions options) => Made = new Meter(options);

        public void Dispose() => Made?.Dispose();
    }
}

using System.Diagnostics.Metrics;

namespace PhantomSync.Host.Hosting;

/// <summary>Adds up the endpoints' counters in this process, by instrument and group.</summary>
internal sealed class CounterTally : IDisposable
{
    private const string GroupTag = "messaging.consumer.group.name";

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Instrument, string Group), long> _sums = [];
    private readonly MeterListener _listener = new();

    public CounterTally()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "PhantomSync.Kafka" && instrument is Counter<long>)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Add);
        _listener.Start();
    }

    public long Sum(string instrument, string? group = null)
    {
        lock (_lock)
            return _sums.Where(sum => sum.Key.Instrument == instrument && (group is null || sum.Key.Group == group)).Sum(sum => sum.Value);
    }

    /// <summary>The groups that have counted anything, in alphabetical order.</summary>
    public string[] Groups()
    {
        lock (_lock)
            return [.. _sums.Keys.Select(sum => sum.Group).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var group = "";
        foreach (var tag in tags)
        {
            if (tag.Key == GroupTag)
                group = tag.Value as string ?? "";
        }

        lock (_lock)
        {
            _sums.TryGetValue((instrument.Name, group), out var sum);
            _sums[(instrument.Name, group)] = sum + value;
        }
    }
}

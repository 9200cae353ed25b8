using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PhantomSync.Conflicts;

/// <summary>What conflicts tell of themselves; meter <c>PhantomSync.Conflicts</c>, tags <c>resource_type</c> and <c>strategy</c>.</summary>
internal sealed class ConflictMetrics : IDisposable
{
    public const string MeterName = "PhantomSync.Conflicts";

    private readonly Meter _meter;
    private readonly Counter<long> _detected;
    private readonly Counter<long> _resolved;
    private readonly ConcurrentDictionary<(Type Owner, string ResourceType), long> _open = [];

    public ConflictMetrics(IMeterFactory? meters = null)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _detected = _meter.CreateCounter<long>("phantomsync.conflicts.detected", "{conflict}", "Conflicts found.");
        _resolved = _meter.CreateCounter<long>("phantomsync.conflicts.resolved", "{conflict}", "Conflicts resolved, by a strategy or a person, or void.");
        _meter.CreateObservableGauge("phantomsync.conflicts.open", Open, "{conflict}", "Conflicts that wait for a person.");
    }

    public void Detected(string resourceType, string strategy) => _detected.Add(1, new("resource_type", resourceType), new("strategy", strategy));

    public void Resolved(string resourceType, string strategy) => _resolved.Add(1, new("resource_type", resourceType), new("strategy", strategy));

    /// <summary>What one store holds now; kinds that it held before and does not any more count 0.</summary>
    public void SetOpen(Type owner, IReadOnlyDictionary<string, long> byType)
    {
        foreach (var known in _open.Keys.Where(known => known.Owner == owner && !byType.ContainsKey(known.ResourceType)))
            _open[known] = 0;
        foreach (var (type, count) in byType)
            _open[(owner, type)] = count;
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Open() =>
        _open.GroupBy(open => open.Key.ResourceType, StringComparer.Ordinal).Select(open => new Measurement<long>(open.Sum(one => one.Value), new KeyValuePair<string, object?>("resource_type", open.Key)));
}

using PhantomSync.Analytics;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.History;

namespace PhantomSync.Host.Analytics;

/// <summary>The events that analytics records, as far as Kafka still has them.</summary>
internal sealed class MetricsHistory : IDisposable
{
    private readonly EventCatalogue _catalogue = EventCatalogue.Platform;
    private readonly HashSet<string> _recorded;
    private readonly TopicHistory _history;
    private readonly IReadOnlyList<PartitionExtent> _begin;
    private IReadOnlyList<PartitionExtent> _read = [];

    /// <summary>Finds out what there is and how far the service has handled it.</summary>
    /// <exception cref="HistoryUnavailableException">The brokers do not answer, or have no such topic.</exception>
    public MetricsHistory(KafkaConnection connection, DateTimeOffset now)
    {
        var events = _catalogue.Events.Where(e => AnalyticsModule.RecordedEvents.Contains(e.ClrType)).ToArray();
        _recorded = events.Select(e => e.EventType).ToHashSet(StringComparer.Ordinal);
        _history = new TopicHistory(connection, AnalyticsModule.ServiceName, events.Select(e => e.Topic).Distinct(StringComparer.Ordinal));
        _begin = _history.Measure();
        CompleteFrom = _begin.Where(extent => !extent.IsWhole).Select(extent => (DateTimeOffset?)(extent.FirstKept ?? now)).Max();
    }

    /// <summary>From which event time on nothing is missing, since an event is sent when it has happened; null where nothing was ever removed.</summary>
    public DateTimeOffset? CompleteFrom { get; }

    /// <summary>How many records of the last reading could not be read; they are among the dead letters.</summary>
    public long Unreadable { get; private set; }

    /// <summary>All there are, up to the end at the time of enumeration.</summary>
    public IEnumerable<SourceEvent> Events(CancellationToken cancellationToken)
    {
        Unreadable = 0;
        _read = [.. _history.Measure().Select(now => Known(now) is { } begin ? now with { Start = begin.Start, Handled = begin.Handled } : now with { Handled = 0 })];
        foreach (var record in _history.Read(_read, cancellationToken))
        {
            if (EventOf(record) is { } e)
                yield return new SourceEvent(e, record.IsHandled);
        }
    }

    /// <summary>Those after what <see cref="Events"/> gave, up to the end at the time of enumeration.</summary>
    public IEnumerable<ISyncEvent> Since(CancellationToken cancellationToken)
    {
        var ends = _read.ToDictionary(extent => (extent.Topic, extent.Partition), extent => extent.End);
        var after = _history.Measure().Select(extent => ends.TryGetValue((extent.Topic, extent.Partition), out var end) ? extent with { Start = end } : extent);
        foreach (var record in _history.Read(after, cancellationToken))
        {
            if (EventOf(record) is { } e)
                yield return e;
        }
    }

    public void Dispose() => _history.Dispose();

    private PartitionExtent? Known(PartitionExtent now) => _begin.FirstOrDefault(begin => begin.Topic == now.Topic && begin.Partition == now.Partition);

    private ISyncEvent? EventOf(HistoryRecord record)
    {
        if (EventCatalogue.PeekEventType(record.Body.Span) is not { } type || !_recorded.Contains(type))
            return null;
        try
        {
            return _catalogue.Read(record.Body);
        }
        catch (WireFormatException)
        {
            Unreadable++;
            return null;
        }
    }
}

using System.Diagnostics.Metrics;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>What one outbox tells of itself; meter <c>PhantomSync.EntityFrameworkCore</c>, tag <c>outbox</c>.</summary>
internal sealed class RelayMetrics : IDisposable
{
    public const string MeterName = "PhantomSync.EntityFrameworkCore";

    private readonly Meter _meter;
    private readonly KeyValuePair<string, object?> _outbox;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _retries;
    private readonly Histogram<int> _batch;
    private Backlog _backlog;

    public RelayMetrics(IMeterFactory? meters, string outbox)
    {
        _outbox = new("outbox", outbox);
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _sent = _meter.CreateCounter<long>("phantomsync.outbox.sent", "{event}", "Events acknowledged by Kafka.");
        _refused = _meter.CreateCounter<long>("phantomsync.outbox.refused", "{event}", "Events moved to the dead letters.");
        _retries = _meter.CreateCounter<long>("phantomsync.outbox.retries", "{event}", "Events that were sent and have to be sent again.");
        _batch = _meter.CreateHistogram<int>("phantomsync.outbox.batch", "{event}", "Events read in one cycle.");
        _meter.CreateObservableGauge("phantomsync.outbox.pending", () => Tagged(Current.Pending), "{event}", "Events in the queue; an estimate above 10,000.");
        _meter.CreateObservableGauge("phantomsync.outbox.held", () => Tagged(Current.Held), "{event}", "Events that wait by their strategy or schedule, counted up to 10,000.");
        _meter.CreateObservableGauge("phantomsync.outbox.oldest_age", () => Tagged(Current.OldestReady.TotalSeconds), "s", "How long the oldest ready event has been waiting.");
    }

    public Backlog Current
    {
        get
        {
            lock (_meter)
                return _backlog;
        }

        set
        {
            lock (_meter)
                _backlog = value;
        }
    }

    public void Cycle(int rows, int sent, int refused, int retries)
    {
        _batch.Record(rows, _outbox);
        if (sent > 0)
            _sent.Add(sent, _outbox);
        if (refused > 0)
            _refused.Add(refused, _outbox);
        if (retries > 0)
            _retries.Add(retries, _outbox);
    }

    public void Dispose() => _meter.Dispose();

    private Measurement<T> Tagged<T>(T value)
        where T : struct => new(value, _outbox);
}

using System.Text;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Tests.Relaying;

/// <summary>A log in memory whose reports come from another thread, late, out of order, or with a failure, as a test commands.</summary>
internal sealed class FakeKafka : IRecordSender
{
    private readonly Lock _lock = new();
    private readonly List<(string Topic, string? Key, string Body)> _log = [];

    /// <summary>What becomes of a record; runs on the sender's threads. Stored where it returns null.</summary>
    public Func<OutgoingRecord, Verdict?> Decide { get; set; } = _ => null;

    public int Partition { get; init; }

    public IReadOnlyList<(string Topic, string? Key, string Body)> Log
    {
        get
        {
            lock (_lock)
                return [.. _log];
        }
    }

    /// <summary>The first occurrence of each body, as a consumer that deduplicates sees them.</summary>
    public IEnumerable<(string? Key, string Body)> Applied(string? topic = null) =>
        Log.Where(r => topic is null || r.Topic == topic).Select(r => (r.Key, r.Body)).Distinct();

    public void Clear()
    {
        lock (_lock)
            _log.Clear();
    }

    public void Send(in OutgoingRecord record, IDeliveryReceiver receiver, int token)
    {
        var sent = record;
        var verdict = Decide(sent);
        long offset = -1;
        if (verdict is null || verdict.IsInLog)
        {
            lock (_lock)
            {
                offset = _log.Count;
                _log.Add((sent.Topic, sent.Key is null ? null : Encoding.UTF8.GetString(sent.Key), Encoding.UTF8.GetString(sent.Body)));
            }
        }

        var delivery = verdict is null || verdict.Outcome == DeliveryOutcome.Stored
            ? Delivery.Stored(Partition, offset)
            : Delivery.Failed(verdict.Outcome, verdict.Reason);
        _ = Task.Run(async () =>
        {
            if (verdict?.After is { } after)
                await after;
            receiver.Delivered(token, delivery);
        });
    }

    /// <summary>Waits until the condition holds of the log.</summary>
    public Task UntilAsync(Func<IReadOnlyList<(string Topic, string? Key, string Body)>, bool> condition) => Wait.ForAsync(() => condition(Log));

    internal sealed record Verdict(DeliveryOutcome Outcome, bool IsInLog = false, Task? After = null, string Reason = "as commanded");
}

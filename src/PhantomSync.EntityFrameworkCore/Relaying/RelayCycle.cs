using System.Runtime.InteropServices;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Kafka;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>
/// One batch on its way to Kafka. The rows of a key form a chain: the next is handed over when the one before is reported as
/// stored, and anything else ends the chain, so a later event of a key never enters the log while an earlier one may have to
/// be sent again. Two cycles with the same rows, one of them of a host that has lost its lanes, only cause duplicates: both
/// go through each key from its first unsent event on.
/// </summary>
internal sealed class RelayCycle : IDeliveryReceiver
{
    private readonly OutboxRow[] _rows;
    private readonly Outcome[] _outcomes;
    private readonly int[] _next;
    private readonly string?[] _reasons;
    private readonly IRecordSender _sender;
    private readonly VolatileLog? _volatileLog;
    private readonly TimeProvider _time;
    private readonly TimeSpan _cycleTime;
    private readonly int _incarnation;
    private readonly int _maxRecordBytes;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _started;
    private int _open;
    private volatile bool _cut;

    public RelayCycle(
        List<OutboxRow> rows, IRecordSender sender, VolatileLog? volatileLog, int incarnation, TimeProvider time, TimeSpan cycleTime, int maxRecordBytes)
    {
        _rows = [.. rows];
        _outcomes = new Outcome[_rows.Length];
        _next = new int[_rows.Length];
        _reasons = new string?[_rows.Length];
        (_sender, _volatileLog, _incarnation, _time, _cycleTime, _maxRecordBytes) = (sender, volatileLog, incarnation, time, cycleTime, maxRecordBytes);
    }

    private enum State : byte
    {
        NotSent,
        Stored,
        Unknown,
        Retriable,
        Refused,
        Denied,
    }

    public ReadOnlySpan<OutboxRow> Rows => _rows;

    /// <summary>Whether chains were ended early because the cycle had become old.</summary>
    public bool WasCut => _cut;

    /// <summary>Completes when every chain has ended.</summary>
    public Task Done => _done.Task;

    /// <summary>Hands over the first event of each key.</summary>
    public void Start()
    {
        var last = new Dictionary<long, int>(_rows.Length);
        var heads = new List<int>(_rows.Length);
        for (var i = 0; i < _rows.Length; i++)
        {
            _next[i] = -1;
            ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(last, _rows[i].KeyHash, out var exists);
            if (exists)
                _next[before] = i;
            else
                heads.Add(i);
            before = i;
        }

        _started = _time.GetTimestamp();
        // One more than there are chains, so that early reports cannot complete the cycle while this loop still runs.
        _open = heads.Count + 1;
        foreach (var head in heads)
            Send(head);
        EndChain();
    }

    /// <summary>Ends all chains as soon as what is in flight has been reported.</summary>
    public void Cut() => _cut = true;

    public void Delivered(int token, in Delivery delivery)
    {
        try
        {
            FailPoint.Hit("relay.after_produce");
        }
        catch (FailPointException lost)
        {
            End(token, State.Unknown, lost.Message);
            return;
        }

        // What the broker's former life has stored is lost with it.
        if (_volatileLog is not null && _volatileLog.Incarnation != _incarnation)
        {
            End(token, State.Unknown, null);
            return;
        }

        if (delivery.Outcome != DeliveryOutcome.Stored)
        {
            End(token, Translate(delivery.Outcome), delivery.Reason);
            return;
        }

        _outcomes[token] = new Outcome(State.Stored, delivery.Partition, delivery.Offset);
        _volatileLog?.Stored(_rows[token].Topic, delivery.Partition, delivery.Offset, _rows[token].Bytes, _incarnation);
        var next = _next[token];
        if (next < 0 || _cut)
            EndChain();
        else if (_time.GetElapsedTime(_started) > _cycleTime)
        {
            _cut = true;
            EndChain();
        }
        else
            Send(next);
    }

    public bool IsStored(int index) => _outcomes[index].State == State.Stored;

    public bool IsRefused(int index) => _outcomes[index].State == State.Refused;

    public bool IsDenied(int index) => _outcomes[index].State == State.Denied;

    /// <summary>Sent, and to be sent again.</summary>
    public bool IsFailed(int index) => _outcomes[index].State is State.Unknown or State.Retriable or State.Denied;

    public string Reason(int index) => _reasons[index] ?? "No reason given.";

    public (int Partition, long Offset) StoredAt(int index) => (_outcomes[index].Partition, _outcomes[index].Offset);

    private void Send(int index)
    {
        var row = _rows[index];
        if (row.Bytes > _maxRecordBytes)
        {
            End(index, State.Refused, $"The record has {row.Bytes} bytes; at most {_maxRecordBytes} are sent.");
            return;
        }

        try
        {
            FailPoint.Hit("relay.before_produce");
            _sender.Send(new OutgoingRecord(row.Topic, row.Key, row.Body, row.Headers), this, index);
        }
        catch (Exception exception)
        {
            // A sender that throws has not taken the record, and nobody else may be waiting for its report.
            End(index, State.Retriable, exception.Message);
        }
    }

    private void End(int index, State state, string? reason)
    {
        _outcomes[index] = new Outcome(state, -1, -1);
        _reasons[index] = reason;
        EndChain();
    }

    private void EndChain()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _done.TrySetResult();
    }

    private static State Translate(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Retriable => State.Retriable,
        DeliveryOutcome.Refused => State.Refused,
        DeliveryOutcome.Denied => State.Denied,
        _ => State.Unknown,
    };

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Outcome(State State, int Partition, long Offset);
}

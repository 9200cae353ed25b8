using Confluent.Kafka;
using PhantomSync.Kafka.Connecting;

namespace PhantomSync.Kafka.Producing;

/// <summary>One Confluent producer, from its making to its end, with the records it has not reported on yet.</summary>
internal sealed class ProducerLife
{
    private readonly Lock _lock = new();
    private readonly List<PendingRecord> _all = [];
    private readonly IProducer<byte[], byte[]> _producer;
    private PendingRecord? _free;
    private PendingRecord? _returned;
    private int _calls;
    private volatile bool _ended;

    /// <exception cref="InvalidOperationException">librdkafka does not accept the configuration.</exception>
    public ProducerLife(KafkaConnection connection)
    {
        _producer = connection.BuildProducer(error =>
        {
            if (error.IsFatal)
                End(error.Reason);
        });
    }

    public bool Ended => _ended;

    /// <summary>What ended it.</summary>
    public string Why { get; private set; } = "";

    /// <summary>Completes when the producer's threads are gone.</summary>
    public Task Gone { get; private set; } = Task.CompletedTask;

    public void Send(in OutgoingRecord record, IDeliveryReceiver receiver, int token)
    {
        if (!TryEnter())
        {
            var late = new PendingRecord(this);
            late.Begin(record, receiver, token);
            late.ReportElsewhere(Delivery.Failed(DeliveryOutcome.Retriable, Why));
            return;
        }

        var pending = Rent();
        pending.Begin(record, receiver, token);
        try
        {
            _producer.Produce(record.Topic, pending, pending.Handler);
        }
        catch (KafkaException refused)
        {
            pending.ReportElsewhere(DeliveryClassifier.Classify(refused.Error, PersistenceStatus.NotPersisted, -1, -1));
            if (refused.Error.IsFatal || refused.Error.Code == ErrorCode.Local_Fatal)
                End(refused.Error.Reason);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            pending.ReportElsewhere(Delivery.Failed(DeliveryOutcome.Refused, failure.Message));
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Gives the producer time for what it has.</summary>
    public void Flush(TimeSpan limit)
    {
        if (!TryEnter())
            return;
        try
        {
            _producer.Flush(limit);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The producer takes no more, and everything outstanding is reported as unknown, off this thread. Idempotent.</summary>
    public void End(string why)
    {
        lock (_lock)
        {
            if (_ended)
                return;
            Why = why;
            _ended = true;

            // Disposing waits for the thread that may be calling us.
            Gone = Task.Run(Sweep);
        }
    }

    public void Return(PendingRecord pending)
    {
        if (_ended)
            return;
        pending.ForgetContent();
        PendingRecord? top;
        do
        {
            top = Volatile.Read(ref _returned);
            pending.Next = top;
        }
        while (Interlocked.CompareExchange(ref _returned, pending, top) != top);
    }

    private PendingRecord Rent()
    {
        lock (_lock)
        {
            // Taking all that came back at once keeps the senders out of the way of the thread that reports.
            _free ??= Interlocked.Exchange(ref _returned, null);
            if (_free is { } free)
            {
                _free = free.Next;
                return free;
            }

            var pending = new PendingRecord(this);
            _all.Add(pending);
            return pending;
        }
    }

    /// <summary>Confluent's producer must not be disposed under a call: it hands its native handle over unguarded.</summary>
    private bool TryEnter()
    {
        Interlocked.Increment(ref _calls);
        if (!_ended)
            return true;
        Leave();
        return false;
    }

    private void Leave() => Interlocked.Decrement(ref _calls);

    private void Sweep()
    {
        SpinWait.SpinUntil(() => Volatile.Read(ref _calls) == 0);
        _producer.Dispose();
        PendingRecord[] all;
        lock (_lock)
            all = [.. _all];
        var unknown = Delivery.Failed(DeliveryOutcome.Unknown, Why);
        foreach (var pending in all)
        {
            pending.TryReport(unknown);

            // Confluent.Kafka never frees what it holds for records without a report: at least let it be small.
            pending.ForgetContent();
        }
    }
}

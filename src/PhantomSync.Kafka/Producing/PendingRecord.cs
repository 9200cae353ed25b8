using Confluent.Kafka;

namespace PhantomSync.Kafka.Producing;

/// <summary>
/// A record between Send and its report. It is the message given to Confluent's producer, the handler of its report and the
/// work item of a report made here, in one object that is used again. Whoever takes the receiver out of it reports, so it is
/// told once.
/// </summary>
internal sealed class PendingRecord : Message<byte[], byte[]>, IThreadPoolWorkItem
{
    private IDeliveryReceiver? _receiver;
    private int _token;
    private Delivery _ownReport;

    public PendingRecord(ProducerLife life)
    {
        Life = life;
        Handler = Reported;
    }

    public ProducerLife Life { get; }

    public Action<DeliveryReport<byte[], byte[]>> Handler { get; }

    /// <summary>The next free one in the pool.</summary>
    public PendingRecord? Next { get; set; }

    public void Begin(in OutgoingRecord record, IDeliveryReceiver receiver, int token)
    {
        Key = record.Key!;
        Value = record.Body;
        Headers = record.Headers!;
        _token = token;
        Volatile.Write(ref _receiver, receiver);
    }

    /// <summary>Only once it is reported: until then a call of Produce may still read it.</summary>
    public void ForgetContent()
    {
        Key = Value = null!;
        Headers = null!;
    }

    /// <summary>Reports from this thread, unless it was reported already.</summary>
    public bool TryReport(in Delivery delivery)
    {
        if (Interlocked.Exchange(ref _receiver, null) is not { } receiver)
            return false;
        receiver.Delivered(_token, delivery);
        return true;
    }

    /// <summary>Reports from a thread of the pool, as the sender's caller may hold locks that its receiver wants.</summary>
    public void ReportElsewhere(in Delivery delivery)
    {
        _ownReport = delivery;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (TryReport(_ownReport))
            Life.Return(this);
    }

    private void Reported(DeliveryReport<byte[], byte[]> report)
    {
        var fatal = report.Error.IsFatal;
        if (TryReport(DeliveryClassifier.Classify(report.Error, report.Status, report.Partition.Value, report.Offset.Value)))
            Life.Return(this);
        if (fatal)
            Life.End(report.Error.Reason);
    }
}

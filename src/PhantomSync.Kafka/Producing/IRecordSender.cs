namespace PhantomSync.Kafka.Producing;

/// <summary>Sends records to Kafka and reports on each.</summary>
public interface IRecordSender
{
    /// <summary>
    /// Takes a record for sending and returns at once. <paramref name="receiver"/> is told the outcome exactly once, from
    /// another thread, also when the client fails as a whole. Records of one partition are stored in the order of the calls,
    /// but one that fails does not hold back those behind it: who needs order per key waits for the report.
    /// </summary>
    void Send(in OutgoingRecord record, IDeliveryReceiver receiver, int token);
}

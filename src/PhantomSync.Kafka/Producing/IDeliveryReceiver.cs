namespace PhantomSync.Kafka.Producing;

/// <summary>Hears what became of records given to an <see cref="IRecordSender"/>. Must not block or throw.</summary>
public interface IDeliveryReceiver
{
    /// <param name="token">The number the sender was given with the record.</param>
    /// <param name="delivery">The outcome.</param>
    void Delivered(int token, in Delivery delivery);
}

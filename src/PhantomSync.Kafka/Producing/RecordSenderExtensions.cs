namespace PhantomSync.Kafka.Producing;

/// <summary>Sends single records.</summary>
public static class RecordSenderExtensions
{
    /// <summary>Sends one record and returns what became of it.</summary>
    public static Task<Delivery> SendAsync(this IRecordSender sender, in OutgoingRecord record)
    {
        var receiver = new SingleReceiver();
        sender.Send(record, receiver, 0);
        return receiver.Task;
    }

    private sealed class SingleReceiver() : TaskCompletionSource<Delivery>(TaskCreationOptions.RunContinuationsAsynchronously), IDeliveryReceiver
    {
        public void Delivered(int token, in Delivery delivery) => TrySetResult(delivery);
    }
}

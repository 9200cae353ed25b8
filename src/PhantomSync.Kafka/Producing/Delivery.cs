namespace PhantomSync.Kafka.Producing;

/// <summary>The report on one record.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Partition">The partition it was stored in; -1 unless <see cref="DeliveryOutcome.Stored"/>.</param>
/// <param name="Offset">Its offset there; -1 unless <see cref="DeliveryOutcome.Stored"/>.</param>
/// <param name="Reason">Kafka's words where it is not stored; null where it is.</param>
public readonly record struct Delivery(DeliveryOutcome Outcome, int Partition, long Offset, string? Reason)
{
    public static Delivery Stored(int partition, long offset) => new(DeliveryOutcome.Stored, partition, offset, null);

    public static Delivery Failed(DeliveryOutcome outcome, string reason) => new(outcome, -1, -1, reason);
}

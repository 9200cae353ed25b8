namespace PhantomSync.Kafka.History;

/// <summary>What a partition holds.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its number.</param>
/// <param name="Start">The offset of the first record that is kept.</param>
/// <param name="Handled">The offset up to which the group has handled it.</param>
/// <param name="End">The offset after the last record.</param>
/// <param name="FirstKept">Where earlier ones were removed: when the first record that is kept was sent; null where none is kept, or the broker does not say.</param>
public sealed record PartitionExtent(string Topic, int Partition, long Start, long Handled, long End, DateTimeOffset? FirstKept)
{
    /// <summary>Whether every record that was ever sent is still there.</summary>
    public bool IsWhole => Start == 0;
}

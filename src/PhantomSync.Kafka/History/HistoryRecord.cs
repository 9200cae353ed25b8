namespace PhantomSync.Kafka.History;

/// <summary>A record that is kept.</summary>
/// <param name="Extent">The partition that was asked for.</param>
/// <param name="Offset">At which offset.</param>
/// <param name="Body">Its value; empty where it has none.</param>
public sealed record HistoryRecord(PartitionExtent Extent, long Offset, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether the group had handled it when the extent was measured.</summary>
    public bool IsHandled => Offset < Extent.Handled;
}

namespace PhantomSync.Kafka.Topics;

/// <summary>How topics are made that do not exist yet.</summary>
public sealed class TopicDefaults
{
    /// <summary>Whether missing topics are created at start. Off: they must be there. Default true.</summary>
    public bool Create { get; set; } = true;

    /// <summary>Partitions of a new topic. It cannot be changed later without breaking the order per key. Default 12.</summary>
    public int Partitions { get; set; } = 12;

    /// <summary>Replicas of a new topic; null takes the brokers' default.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>How long records stay; null takes the brokers' default.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>Topics to create although nobody here reads them.</summary>
    public ICollection<string> Also { get; } = new HashSet<string>(StringComparer.Ordinal);
}

namespace PhantomSync.Kafka.Topics;

/// <summary>What becomes of old records.</summary>
public enum CleanupPolicy
{
    /// <summary>Dropped after the retention.</summary>
    Delete,

    /// <summary>The latest per key stays.</summary>
    Compact,

    /// <summary>The latest per key stays, until the retention.</summary>
    CompactAndDelete,
}

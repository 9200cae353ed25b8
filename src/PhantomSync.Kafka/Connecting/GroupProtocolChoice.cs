namespace PhantomSync.Kafka.Connecting;

/// <summary>How consumer groups share out partitions.</summary>
public enum GroupProtocolChoice
{
    /// <summary>As the brokers allow: <see cref="Consumer"/> where they offer it, else <see cref="Classic"/>. Asked once.</summary>
    Auto,

    /// <summary>By the members themselves, cooperative-sticky. Every broker can.</summary>
    Classic,

    /// <summary>By the brokers (KIP-848): quicker, and one member's trouble does not stop the others. Kafka 4.0 and later.</summary>
    Consumer,
}

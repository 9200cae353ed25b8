namespace PhantomSync.Kafka.Consuming;

/// <summary>What the inbox says of a message.</summary>
public enum InboxVerdict
{
    /// <summary>Not seen before: handle it.</summary>
    New,

    /// <summary>Handled before: drop it.</summary>
    Duplicate,

    /// <summary>Its idempotency key was used before, for other content: it is no duplicate and is set aside.</summary>
    KeyReused,

    /// <summary>An earlier message of its partition key waits in the dead-letter store: it has been set aside behind that one.</summary>
    Parked,

    /// <summary>It counts as handled, and nothing is done: the service's own rules have decided so.</summary>
    Discarded,
}

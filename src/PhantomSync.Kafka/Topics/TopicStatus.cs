namespace PhantomSync.Kafka.Topics;

/// <summary>What was found, or done, about a topic.</summary>
public enum TopicStatus
{
    /// <summary>It was not there and is now.</summary>
    Created,

    /// <summary>It is there, as wanted.</summary>
    Exists,

    /// <summary>It is there, but otherwise than wanted; it was left as it is.</summary>
    Differs,

    /// <summary>This client may not look at it or create it.</summary>
    Forbidden,

    /// <summary>It is not there, and belongs to somebody else or could not be created.</summary>
    Missing,
}

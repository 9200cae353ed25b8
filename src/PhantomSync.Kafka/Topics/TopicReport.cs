namespace PhantomSync.Kafka.Topics;

/// <summary>What was found, or done, about a topic.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Status">What was found or done.</param>
/// <param name="Remark">What differs, or why it failed, and what to do; null where all is well.</param>
public sealed record TopicReport(string Topic, TopicStatus Status, string? Remark = null)
{
    /// <summary>Whether records can be sent to the topic and read from it.</summary>
    public bool IsUsable => Status is TopicStatus.Created or TopicStatus.Exists or TopicStatus.Differs;
}

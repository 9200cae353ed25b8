namespace PhantomSync.Kafka.Health;

/// <summary>How far a consumer group is behind in a topic.</summary>
/// <param name="Group">The consumer group.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Records">Records that it has not committed, over all partitions.</param>
public sealed record GroupLag(string Group, string Topic, long Records);

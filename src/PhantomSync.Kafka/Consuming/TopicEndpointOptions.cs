using System.ComponentModel.DataAnnotations;

namespace PhantomSync.Kafka.Consuming;

/// <summary>How one endpoint reads its topics.</summary>
public sealed class TopicEndpointOptions
{
    /// <summary>Records handled in one transaction at most. Default 500.</summary>
    [Range(1, 100_000)]
    public int BatchLimit { get; set; } = 500;

    /// <summary>Bytes of record values handled in one transaction at most. Default 4 MiB.</summary>
    [Range(1, int.MaxValue)]
    public int BatchBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Partitions handled at the same time. Default: twice the processors, at most 16.</summary>
    [Range(1, 1024)]
    public int ConcurrentPartitions { get; set; } = Math.Min(16, Environment.ProcessorCount * 2);

    /// <summary>Records kept ready for a partition before reading of it rests. Default 4,000.</summary>
    [Range(1, 1_000_000)]
    public int Prefetch { get; set; } = 4_000;

    /// <summary>How often a handler is tried on a message before that goes to the dead letters. Default 3.</summary>
    [Range(1, 1000)]
    public int Attempts { get; set; } = 3;

    /// <summary>The pause before the second try; it doubles from try to try. Default 50 ms.</summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How often finished offsets are committed. Default 200 ms.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a partition that is being given up may finish its batch. Default 5 s.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What happens to records of a kind that the wire format does not know.</summary>
    public UnknownTypePolicy UnknownTypes { get; set; } = UnknownTypePolicy.DeadLetter;
}

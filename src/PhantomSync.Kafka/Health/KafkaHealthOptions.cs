using System.ComponentModel.DataAnnotations;

namespace PhantomSync.Kafka.Health;

/// <summary>How the way through Kafka is tried out.</summary>
public sealed class KafkaHealthOptions
{
    /// <summary>A topic of its own, one partition is enough; nothing else may use it.</summary>
    public string Topic { get; set; } = "phantom.health";

    /// <summary>How long a record may take to come back.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>A record that takes longer than this says that something is wrong already.</summary>
    public TimeSpan Slow { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between trials at least, however often health is asked for.</summary>
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Trials in a row that must fail, or succeed again, before the verdict turns.</summary>
    [Range(1, 100)]
    public int Persistence { get; set; } = 2;
}

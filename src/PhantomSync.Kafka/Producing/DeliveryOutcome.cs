namespace PhantomSync.Kafka.Producing;

/// <summary>What became of a record that was handed to Kafka.</summary>
public enum DeliveryOutcome
{
    /// <summary>In the log, at a known offset.</summary>
    Stored,

    /// <summary>Perhaps in the log: reported as stored without an offset, or timed out. Send it again.</summary>
    Unknown,

    /// <summary>Not in the log, for a reason that passes. Send it again.</summary>
    Retriable,

    /// <summary>Kafka refuses this record for good (too large, invalid, against a policy).</summary>
    Refused,

    /// <summary>This client may not write to the topic. Send again when that has changed.</summary>
    Denied,
}

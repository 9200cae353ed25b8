using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PhantomSync.Kafka.Topics;

/// <summary>How a topic should be. Null leaves a setting to the brokers.</summary>
public sealed partial record TopicSpec : IValidatableObject
{
    /// <summary>Letters, digits, '.', '_' and '-'; at most 249 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Fixes where keys go: it must not change while records of a key matter to each other.</summary>
    [Range(1, 10_000)]
    public int Partitions { get; init; } = 12;

    /// <summary>Copies of each partition; -1 for the brokers' default.</summary>
    [Range(-1, 32)]
    public short ReplicationFactor { get; init; } = -1;

    /// <summary>How long records are kept.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>How many bytes of a partition are kept.</summary>
    public long? RetentionBytes { get; init; }

    /// <summary>What becomes of old records.</summary>
    public CleanupPolicy? CleanupPolicy { get; init; }

    /// <summary>Copies that must have a record before it counts as stored. With fewer than two, <c>acks=all</c> promises little.</summary>
    [Range(1, 32)]
    public int? MinInSyncReplicas { get; init; }

    /// <summary>The largest batch, in bytes. No less than the producers' largest message.</summary>
    public int? MaxMessageBytes { get; init; }

    /// <summary>Somebody else makes the topic: it is compared, never created.</summary>
    public bool ExternallyOwned { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!NameRule().IsMatch(Name) || Name is "." or "..")
            yield return new ValidationResult($"'{Name}' is no name for a topic: 1 to 249 letters, digits, '.', '_' and '-'.", [nameof(Name)]);
        if (ReplicationFactor == 0)
            yield return new ValidationResult($"Topic '{Name}': a replication factor of 0 keeps nothing. Use 3, or -1 for the brokers' default.", [nameof(ReplicationFactor)]);
        if (ReplicationFactor > 0 && MinInSyncReplicas > ReplicationFactor)
            yield return new ValidationResult($"Topic '{Name}': {MinInSyncReplicas} copies must be in step, but there are only {ReplicationFactor}. Nothing could ever be stored.", [nameof(MinInSyncReplicas)]);
        if (Retention <= TimeSpan.Zero)
            yield return new ValidationResult($"Topic '{Name}': a retention of {Retention} keeps nothing.", [nameof(Retention)]);
    }

    /// <summary>The settings that are given, by Kafka's names.</summary>
    internal Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("retention.ms", (long?)Retention?.TotalMilliseconds);
        Add("retention.bytes", RetentionBytes);
        Add("min.insync.replicas", MinInSyncReplicas);
        Add("max.message.bytes", MaxMessageBytes);
        if (CleanupPolicy is { } policy)
        {
            settings["cleanup.policy"] = policy switch
            {
                Topics.CleanupPolicy.Delete => "delete",
                Topics.CleanupPolicy.Compact => "compact",
                _ => "compact,delete",
            };
        }

        return settings;

        void Add(string name, long? value)
        {
            if (value is { } number)
                settings[name] = number.ToString(CultureInfo.InvariantCulture);
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9._-]{1,249}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameRule();
}

namespace PhantomSync.Kafka.Topics;

/// <summary>Compares a topic with what is wanted of it.</summary>
internal static class TopicDifference
{
    /// <param name="wanted">What is wanted.</param>
    /// <param name="partitions">Its partitions.</param>
    /// <param name="replicationFactor">Its copies.</param>
    /// <param name="settings">Its settings; null where they cannot be known.</param>
    public static TopicReport Compare(TopicSpec wanted, int partitions, int replicationFactor, IReadOnlyDictionary<string, string>? settings)
    {
        var differences = new List<string>();
        if (partitions != wanted.Partitions)
            differences.Add($"it has {partitions} partitions, not {wanted.Partitions} (more would move keys to other partitions: drain it first)");
        if (wanted.ReplicationFactor > 0 && replicationFactor != wanted.ReplicationFactor)
            differences.Add($"it has {replicationFactor} copies, not {wanted.ReplicationFactor}");
        foreach (var (name, value) in wanted.Settings())
        {
            if (settings?.GetValueOrDefault(name) is { } present && Normal(present) != Normal(value))
                differences.Add($"{name} is {present}, not {value}");
        }

        return differences.Count == 0
            ? new TopicReport(wanted.Name, TopicStatus.Exists)
            : new TopicReport(wanted.Name, TopicStatus.Differs, string.Join("; ", differences));
    }

    private static string Normal(string list) => string.Join(',', list.Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal));
}

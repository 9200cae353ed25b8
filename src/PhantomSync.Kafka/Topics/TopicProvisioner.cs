using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Embedded;

namespace PhantomSync.Kafka.Topics;

/// <summary>Creates the topics that are missing, and says of the others whether they are as wanted. It never changes one that is there.</summary>
/// <param name="connection">The brokers.</param>
/// <param name="embedded">The embedded broker, which is told otherwise than by Kafka's admin API; null for a real cluster.</param>
/// <param name="time">The clock.</param>
public sealed class TopicProvisioner(KafkaConnection connection, EmbeddedBroker? embedded = null, TimeProvider? time = null)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AppearanceLimit = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Creates what is missing, and waits until the brokers know it. Safe to repeat, and to run on several hosts at once.</summary>
    /// <returns>A report per topic, in the order given.</returns>
    /// <exception cref="ValidationException">A topic is specified wrongly.</exception>
    /// <exception cref="InvalidOperationException">The brokers do not answer, or a new topic does not appear.</exception>
    public async Task<IReadOnlyList<TopicReport>> EnsureAsync(IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellation = default)
    {
        Validate(topics);
        if (embedded is not null)
            return await EnsureEmbeddedAsync(embedded, topics, cancellation);
        if (topics.Count == 0)
            return [];

        using var admin = connection.BuildAdmin();
        var reports = await CompareAsync(admin, topics);
        var missing = topics.Where(topic => reports[topic.Name] is { Status: TopicStatus.Missing } && !topic.ExternallyOwned).ToList();
        if (missing.Count > 0)
        {
            await CreateAsync(admin, missing, reports);
            await AppearAsync(admin, [.. missing.Where(topic => reports[topic.Name].Status == TopicStatus.Created)], cancellation);
        }

        return [.. topics.Select(topic => reports[topic.Name])];
    }

    /// <summary>Compares only: <see cref="TopicStatus.Missing"/> where <see cref="EnsureAsync"/> would create.</summary>
    public async Task<IReadOnlyList<TopicReport>> CompareAsync(IReadOnlyCollection<TopicSpec> topics)
    {
        Validate(topics);
        if (topics.Count == 0)
            return [];
        using var admin = connection.BuildAdmin();
        var reports = await CompareAsync(admin, topics);
        return [.. topics.Select(topic => reports[topic.Name])];
    }

    private static void Validate(IReadOnlyCollection<TopicSpec> topics)
    {
        ArgumentNullException.ThrowIfNull(topics);
        foreach (var topic in topics)
            Validator.ValidateObject(topic, new ValidationContext(topic), validateAllProperties: true);
    }

    private static async Task<IReadOnlyList<TopicReport>> EnsureEmbeddedAsync(EmbeddedBroker broker, IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellation)
    {
        var reports = new List<TopicReport>(topics.Count);
        foreach (var topic in topics)
        {
            try
            {
                var created = await broker.EnsureTopicsAsync([topic.Name], topic.Partitions, cancellation);
                reports.Add(new TopicReport(topic.Name, created.Count > 0 ? TopicStatus.Created : TopicStatus.Exists));
            }
            catch (InvalidOperationException refusal)
            {
                reports.Add(new TopicReport(topic.Name, TopicStatus.Differs, refusal.Message));
            }
        }

        return reports;
    }

    private async Task<Dictionary<string, TopicReport>> CompareAsync(IAdminClient admin, IReadOnlyCollection<TopicSpec> topics)
    {
        var described = await DescribeAsync(admin, topics);
        var settings = await SettingsAsync(admin, described.Where(static topic => !topic.Error.IsError).Select(static topic => topic.Name));
        var reports = new Dictionary<string, TopicReport>(StringComparer.Ordinal);
        foreach (var wanted in topics)
        {
            var found = described.Find(topic => topic.Name == wanted.Name);
            reports[wanted.Name] = found switch
            {
                { Error.IsError: false } => TopicDifference.Compare(
                    wanted, found.Partitions.Count, found.Partitions.Count == 0 ? 0 : found.Partitions[0].Replicas.Count, settings.GetValueOrDefault(wanted.Name)),
                { Error.Code: ErrorCode.TopicAuthorizationFailed } => Forbidden(wanted.Name, "look at", "Describe"),
                null or { Error.Code: ErrorCode.UnknownTopicOrPart } => new TopicReport(
                    wanted.Name, TopicStatus.Missing, $"Topic '{wanted.Name}' does not exist on {connection.Address.BootstrapServers}. Create it or set Kafka:CreateTopics=true."),
                _ => throw Failed($"look at topic '{wanted.Name}'", found.Error.Reason),
            };
        }

        return reports;
    }

    private async Task<List<TopicDescription>> DescribeAsync(IAdminClient admin, IReadOnlyCollection<TopicSpec> topics)
    {
        try
        {
            var names = TopicCollection.OfTopicNames(topics.Select(static topic => topic.Name).Distinct(StringComparer.Ordinal));
            return (await admin.DescribeTopicsAsync(names, new DescribeTopicsOptions { RequestTimeout = RequestLimit })).TopicDescriptions;
        }
        catch (DescribeTopicsException some)
        {
            return some.Results.TopicDescriptions; // Each with its own error.
        }
        catch (KafkaException failure)
        {
            throw Failed("look at topics", failure.Error.Reason);
        }
    }

    /// <summary>What cannot be read (the right is one of its own, and not every broker has the call) is not compared.</summary>
    private static async Task<Dictionary<string, IReadOnlyDictionary<string, string>>> SettingsAsync(IAdminClient admin, IEnumerable<string> topics)
    {
        var resources = topics.Select(static topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }).ToList();
        if (resources.Count == 0)
            return [];
        IEnumerable<(string Topic, Dictionary<string, ConfigEntryResult> Entries)> read;
        try
        {
            var results = await admin.DescribeConfigsAsync(resources, new DescribeConfigsOptions { RequestTimeout = RequestLimit });
            read = results.Select(static result => (result.ConfigResource.Name, result.Entries));
        }
        catch (DescribeConfigsException some)
        {
            read = some.Results.Where(static result => !result.Error.IsError).Select(static result => (result.ConfigResource.Name, result.Entries));
        }
        catch (KafkaException)
        {
            return [];
        }

        return read.ToDictionary(
            static topic => topic.Topic,
            static topic => (IReadOnlyDictionary<string, string>)topic.Entries.ToDictionary(static entry => entry.Key, static entry => entry.Value.Value ?? "", StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    private async Task CreateAsync(IAdminClient admin, List<TopicSpec> missing, Dictionary<string, TopicReport> reports)
    {
        var specifications = missing.Select(static topic => new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = topic.ReplicationFactor,
            Configs = topic.Settings(),
        });
        foreach (var topic in missing)
            reports[topic.Name] = new TopicReport(topic.Name, TopicStatus.Created);
        try
        {
            await admin.CreateTopicsAsync(specifications, new CreateTopicsOptions { RequestTimeout = RequestLimit, OperationTimeout = RequestLimit });
        }
        catch (CreateTopicsException some)
        {
            foreach (var result in some.Results.Where(static result => result.Error.IsError))
                reports[result.Topic] = NotCreated(result.Topic, result.Error);
        }
        catch (KafkaException failure)
        {
            throw Failed($"create {string.Join(", ", missing.Select(static topic => $"topic '{topic.Name}'"))}", failure.Error.Reason);
        }
    }

    private TopicReport NotCreated(string topic, Error error) => error.Code switch
    {
        ErrorCode.TopicAlreadyExists => new TopicReport(topic, TopicStatus.Exists), // Another host was quicker.
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed => Forbidden(topic, "create", "Create"),
        _ => new TopicReport(
            topic, TopicStatus.Missing, $"Topic '{topic}' could not be created on {connection.Address.BootstrapServers}: {error.Reason} Create it yourself, or correct its settings."),
    };

    private TopicReport Forbidden(string topic, string deed, string right) => new(
        topic, TopicStatus.Forbidden, $"This client may not {deed} topic '{topic}' on {connection.Address.BootstrapServers}. Grant it {right} on the topic, or have the topic created for it.");

    private async Task AppearAsync(IAdminClient admin, List<TopicSpec> created, CancellationToken cancellation)
    {
        var start = _time.GetTimestamp();
        for (var awaited = created; awaited.Count > 0;)
        {
            var described = await DescribeAsync(admin, awaited);
            awaited = awaited.FindAll(topic => !described.Exists(found =>
                found.Name == topic.Name && !found.Error.IsError && found.Partitions.Count == topic.Partitions && found.Partitions.TrueForAll(static partition => partition.Leader is not null)));
            if (awaited.Count == 0)
                return;
            if (_time.GetElapsedTime(start) > AppearanceLimit)
                throw Failed($"see topic '{awaited[0].Name}' with all its leaders {AppearanceLimit.TotalSeconds:0} s after creating it", "look at the brokers' logs.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellation);
        }
    }

    private InvalidOperationException Failed(string deed, string reason) => new(
        $"Could not {deed} on {connection.Address.BootstrapServers}: {reason} Check Kafka:BootstrapServers, and that the brokers are up and reachable from this machine.");
}

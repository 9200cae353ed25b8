using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Topics;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Riding;

/// <summary>Collects what a user's <c>UsingKafka</c> says, and builds the rider from it.</summary>
internal sealed class KafkaFactoryConfigurator(IRiderRegistrationContext context, KafkaSettings settings) : IKafkaFactoryConfigurator, IBusInstanceSpecification
{
    private readonly Dictionary<string, (List<string> Topics, Action<ITopicEndpointConfigurator> Configure)> _endpoints = new(StringComparer.Ordinal);

    public KafkaClientOptions Client => settings.Client;

    public TopicDefaults TopicDefaults => settings.TopicDefaults;

    public TimeSpan LagInterval
    {
        get => settings.LagInterval;
        set => settings.LagInterval = value;
    }

    public void Host(string bootstrapServers) => settings.Client.BootstrapServers = bootstrapServers;

    public void UseWireFormat(IWireFormat format) => settings.Format = format;

    public void TopicEndpoint(string groupId, Action<ITopicEndpointConfigurator> configure) => Add([], groupId, configure);

    public void TopicEndpoint(string topicName, string groupId, Action<ITopicEndpointConfigurator> configure) => Add([topicName], groupId, configure);

    public void Configure(IBusInstance busInstance)
    {
        var endpoints = new ReceiveEndpointCollection();
        var topics = new HashSet<string>(StringComparer.Ordinal);
        var provisioned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var (group, (named, configure)) in _endpoints)
        {
            var name = $"kafka/{group}";
            var endpoint = new TopicEndpointConfiguration(context, settings, busInstance, busInstance.HostConfiguration.CreateReceiveEndpointConfiguration(name), group);
            endpoint.Topics([.. named]);
            configure(endpoint);
            endpoint.Validate().ThrowIfContainsFailure($"The topic endpoint '{group}' is not configured properly:");
            endpoints.Add(name, endpoint.Build(provisioned.Task));
            topics.UnionWith(endpoint.TopicNames);
            settings.Groups[group] = endpoint.TopicNames;
        }

        busInstance.Connect<IKafkaRider>(new KafkaRider(context, settings, endpoints, topics, provisioned));
    }

    public IEnumerable<ValidationResult> Validate()
    {
        if (settings.Address is null && string.IsNullOrWhiteSpace(settings.Client.BootstrapServers))
            yield return this.Failure("Host", "is not set. Call k.Host(\"server:9092\") in UsingKafka, or services.AddEmbeddedBroker(...).");
        if (settings.Format is null)
            yield return this.Failure("WireFormat", "is not set. Call k.UseWireFormat(...) in UsingKafka.");
    }

    private void Add(string[] topics, string groupId, Action<ITopicEndpointConfigurator> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(groupId);
        if (!_endpoints.TryAdd(groupId, ([.. topics], configure)))
            throw new ConfigurationException($"Consumer group '{groupId}' is configured twice. One endpoint reads all topics of a group; add the consumers there.");
    }
}

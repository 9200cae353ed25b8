using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Topics;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Riding;

/// <summary>Configures the rider.</summary>
public interface IKafkaFactoryConfigurator
{
    /// <summary>Settings shared by all clients.</summary>
    KafkaClientOptions Client { get; }

    /// <summary>How topics are made that do not exist yet.</summary>
    TopicDefaults TopicDefaults { get; }

    /// <summary>How often the brokers are asked how far the consumer groups are behind, see <see cref="Health.ConsumerLag"/>. Default 5 s.</summary>
    TimeSpan LagInterval { get; set; }

    /// <summary>The brokers to start from, <c>host:port</c>, comma-separated. Not needed with an embedded broker in the container.</summary>
    void Host(string bootstrapServers);

    /// <summary>How messages look on the wire, and which there are.</summary>
    void UseWireFormat(IWireFormat format);

    /// <summary>Adds a consumer group.</summary>
    void TopicEndpoint(string groupId, Action<ITopicEndpointConfigurator> configure);

    /// <summary>Adds a consumer group that reads <paramref name="topicName"/>.</summary>
    void TopicEndpoint(string topicName, string groupId, Action<ITopicEndpointConfigurator> configure);
}

using MassTransit;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Kafka.Riding;

/// <summary>Configures one consumer group: what it reads, who handles it, and how.</summary>
public interface ITopicEndpointConfigurator : IReceiveEndpointConfigurator
{
    /// <summary>The consumer group.</summary>
    string GroupId { get; }

    TopicEndpointOptions Options { get; }

    /// <summary>Reads these topics too, whether or not a consumer asks for them. Without it, the topics follow from the message types.</summary>
    void Topics(params string[] topics);

    /// <summary>Adds an <c>IConsumer&lt;Batch&lt;T&gt;&gt;</c> that gets each micro-batch as a whole. It must be registered as a service.</summary>
    /// <exception cref="ConfigurationException">The type implements no <c>IConsumer&lt;Batch&lt;T&gt;&gt;</c>.</exception>
    void BulkConsumer<TConsumer>()
        where TConsumer : class;

    /// <summary>Gets each micro-batch before its first message is handled: to read at once what the messages need, say.</summary>
    void BeforeBatch(IBatchPreparation preparation);

    /// <summary>Makes handling idempotent; without an inbox every message is handled at least once.</summary>
    void UseInbox(Func<IServiceProvider, string, IInbox> inbox);
}

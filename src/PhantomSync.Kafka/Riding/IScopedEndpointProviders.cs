using MassTransit;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Riding;

/// <summary>Where a scope publishes and sends to. An outbox registers one, so that a consumer's messages leave with its transaction.</summary>
public interface IScopedEndpointProviders
{
    /// <summary>Whether this scope has an outbox. Where it has none, messages for Kafka are sent at once or not at all.</summary>
    bool HasOutbox { get; }

    /// <param name="fallback">Takes the messages that have no topic.</param>
    /// <param name="cause">The message being handled in this scope; null outside a consumer.</param>
    IPublishEndpointProvider PublishEndpointProvider(IPublishEndpointProvider fallback, MessageEnvelope? cause);

    /// <inheritdoc cref="PublishEndpointProvider"/>
    ISendEndpointProvider SendEndpointProvider(ISendEndpointProvider fallback, MessageEnvelope? cause);
}

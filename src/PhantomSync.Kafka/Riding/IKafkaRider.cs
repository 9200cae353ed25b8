using MassTransit.Transports;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Riding;

/// <summary>Kafka beside the bus: topic endpoints, and a way to produce that takes part in no transaction.</summary>
public interface IKafkaRider : IRiderControl
{
    IWireFormat Format { get; }

    /// <summary>
    /// Sends a message now and returns when Kafka has stored it. It leaves even if the caller's transaction rolls back, and is
    /// lost if the process dies before: where that matters, publish with <c>IPublishEndpoint</c> through the outbox.
    /// </summary>
    /// <exception cref="ArgumentException">The message has no topic, or breaks a rule of the wire format.</exception>
    /// <exception cref="ProduceFailedException">Kafka refused it; the text has Kafka's reason.</exception>
    Task ProduceAsync(object message, MessageEnvelope? cause = null, CancellationToken cancellationToken = default);
}

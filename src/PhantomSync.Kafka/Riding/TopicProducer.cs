using MassTransit;
using MassTransit.DependencyInjection;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Kafka.Riding;

/// <summary>A scope's producer: through its outbox where it has one, straight to Kafka where not.</summary>
internal sealed class TopicProducer<TMessage>(
    IKafkaRider rider, IPublishEndpoint publishEndpoint, IScopedConsumeContextProvider consuming, IScopedEndpointProviders? outbox = null) : ITopicProducer<TMessage>
    where TMessage : class
{
    public Task Produce(TMessage message, CancellationToken cancellationToken = default)
    {
        if (outbox is { HasOutbox: true })
            return publishEndpoint.Publish(message, cancellationToken);
        var cause = consuming.HasContext && consuming.GetContext().TryGetPayload<ReceivedMessage>(out var received) ? received.Envelope : null;
        return rider.ProduceAsync(message, cause, cancellationToken);
    }
}

namespace PhantomSync.Kafka.Riding;

/// <summary>
/// Sends messages of one type to their topic. In a scope with an outbox they leave with its transaction, like everything else
/// that is published there; elsewhere they are sent at once.
/// </summary>
public interface ITopicProducer<in TMessage>
    where TMessage : class
{
    /// <inheritdoc cref="IKafkaRider.ProduceAsync"/>
    Task Produce(TMessage message, CancellationToken cancellationToken = default);
}

using MassTransit;
using MassTransit.Serialization;

namespace PhantomSync.Kafka.Riding;

/// <summary>The message's own context. A failure publishes no <c>Fault&lt;T&gt;</c>: it is retried or goes to the dead letters.</summary>
internal sealed class KafkaConsumeContext(ReceiveContext receiveContext, SerializerContext serializerContext)
    : BodyConsumeContext(receiveContext, serializerContext)
{
    protected override Task GenerateFault<T>(ConsumeContext<T> context, Exception exception) => Task.CompletedTask;
}

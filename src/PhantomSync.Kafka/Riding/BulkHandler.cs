using MassTransit;
using MassTransit.Context;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Kafka.Riding;

/// <summary>Gives an <c>IConsumer&lt;Batch&lt;T&gt;&gt;</c> the whole micro-batch at once.</summary>
internal sealed class BulkHandler<TConsumer, T>(KafkaReceiveEndpointContext endpoint, ISetScopedConsumeContext scopedContext, TimeProvider time) : IBulkHandler
    where TConsumer : class, IConsumer<Batch<T>>
    where T : class
{
    public Type MessageType => typeof(T);

    public async Task HandleAsync(IReadOnlyList<ReceivedMessage> messages, IServiceScope scope, CancellationToken cancellationToken)
    {
        var contexts = new ConsumeContext<T>[messages.Count];
        for (var i = 0; i < contexts.Length; i++)
        {
            var received = new KafkaReceiveContext(messages[i], endpoint, scope, cancellationToken);
            contexts[i] = new MessageConsumeContext<T>(received.ConsumeContext, (T)messages[i].Content.Message);
        }

        var batch = new MicroBatch<T>(contexts, time.GetUtcNow().UtcDateTime);
        var context = new MessageConsumeContext<Batch<T>>(contexts[0], batch);
        using var pushed = scopedContext.PushContext(scope, context);
        await scope.ServiceProvider.GetRequiredService<TConsumer>().Consume(context);
    }
}

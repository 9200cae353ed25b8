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
        ConsumeContext Create(ReceivedMessage message) => new KafkaReceiveContext(message, endpoint, scope, cancellationToken).ConsumeContext;
        Func<ReceivedMessage, ConsumeContext> create = Create;
        var contexts = new ConsumeContext<T>[messages.Count];
        for (var i = 0; i < contexts.Length; i++)
            contexts[i] = new DeferredConsumeContext<T>(messages[i], create);
        var batch = new MicroBatch<T>(contexts, time.GetUtcNow().UtcDateTime);
        var context = new MessageConsumeContext<Batch<T>>(Create(messages[0]), batch);
        using var pushed = scopedContext.PushContext(scope, context);
        await scope.ServiceProvider.GetRequiredService<TConsumer>().Consume(context);
    }
}

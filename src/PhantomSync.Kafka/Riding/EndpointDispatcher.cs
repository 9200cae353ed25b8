using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using MassTransit.Context;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Riding;

/// <summary>Brings messages through MassTransit's pipeline one by one, in order, and then to the bulk consumers as a whole.</summary>
internal sealed class EndpointDispatcher(
    KafkaReceiveEndpointContext endpoint,
    IReadOnlySet<Type> pipelineTypes,
    IReadOnlyList<IBulkHandler> bulkHandlers,
    IReadOnlyList<IBatchPreparation> preparations) : IMessageDispatcher
{
    private static readonly ActivitySource Source = new("PhantomSync.Kafka");

    private readonly IReceivePipeDispatcher _pipeline = endpoint.CreateReceivePipeDispatcher();
    private readonly ConcurrentDictionary<Type, bool> _inPipeline = new();

    public bool Handles(WireMessage type) =>
        InPipeline(type.MessageType) || bulkHandlers.Any(handler => handler.MessageType.IsAssignableFrom(type.MessageType));

    public async Task DispatchAsync(IReadOnlyList<ReceivedMessage> messages, IServiceScope scope, CancellationToken cancellationToken)
    {
        if (pipelineTypes.Count > 0)
            await DispatchEachAsync(messages, scope, cancellationToken);
        foreach (var handler in bulkHandlers)
        {
            var taken = Taken(handler, messages);
            if (taken.Count > 0)
                await handler.HandleAsync(taken, scope, cancellationToken);
        }
    }

    private async Task DispatchEachAsync(IReadOnlyList<ReceivedMessage> messages, IServiceScope scope, CancellationToken cancellationToken)
    {
        var contexts = messages.Where(message => InPipeline(message.Content.Type.MessageType))
            .Select(message => new KafkaReceiveContext(message, endpoint, scope, cancellationToken)).ToList();
        try
        {
            foreach (var preparation in preparations)
                await preparation.PrepareAsync(contexts.ConvertAll<ConsumeContext>(context => context.ConsumeContext), scope.ServiceProvider, cancellationToken);
            foreach (var context in contexts)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var activity = StartActivity(context.Received);
                await _pipeline.Dispatch(context, NoLockReceiveContext.Instance);
            }
        }
        finally
        {
            contexts.ForEach(context => context.Dispose());
        }
    }

    private static IReadOnlyList<ReceivedMessage> Taken(IBulkHandler handler, IReadOnlyList<ReceivedMessage> messages) =>
        messages.All(message => handler.MessageType.IsInstanceOfType(message.Content.Message))
            ? messages
            : messages.Where(message => handler.MessageType.IsInstanceOfType(message.Content.Message)).ToList();

    private bool InPipeline(Type type) => _inPipeline.GetOrAdd(type, static (t, types) => types.Any(handled => handled.IsAssignableFrom(t)), pipelineTypes);

    /// <summary>Continues the producer's trace, where the record carries one.</summary>
    private static Activity? StartActivity(ReceivedMessage message) => Source.HasListeners()
        ? Source.StartActivity($"{message.Record.Topic} process", ActivityKind.Consumer, WireHeaders.Text(message.Record.Headers, WireHeaders.TraceParent))
        : null;
}

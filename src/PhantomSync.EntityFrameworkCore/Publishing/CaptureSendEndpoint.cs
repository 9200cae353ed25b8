using MassTransit;
using MassTransit.Context;
using MassTransit.Initializers;
using MassTransit.Transports;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>Takes messages into the scope's outbox; what has no topic is handed on.</summary>
internal sealed class CaptureSendEndpoint(ScopedOutbox outbox, Func<Task<ISendEndpoint>> fallback, MessageEnvelope? cause, bool mayRespond = false) : ITransportSendEndpoint
{
    public ConnectHandle ConnectSendObserver(ISendObserver observer) => NothingConnected.Instance;

    public async Task<SendContext<T>> CreateSendContext<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = new MessageSendContext<T>(message, cancellationToken);
        if (pipe.IsNotEmpty())
            await pipe.Send(context);
        return context;
    }

    public async Task Send<T>(T message, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        if (outbox.HasTopic(message.GetType()))
        {
            await outbox.GuardAsync(message, cancellationToken);
            outbox.Capture(message, cause, null);
        }
        else
        {
            await (await fallback()).Send(message, cancellationToken);
        }
    }

    public async Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        if (outbox.HasTopic(message.GetType()))
        {
            await outbox.GuardAsync(message, cancellationToken);
            outbox.Capture(message, cause, await SetUpAsync(message, pipe, cancellationToken));
        }
        else
        {
            await (await fallback()).Send(message, pipe, cancellationToken);
        }
    }

    public Task Send<T>(T message, IPipe<SendContext> pipe, CancellationToken cancellationToken = default)
        where T : class => Send(message, (IPipe<SendContext<T>>)pipe, cancellationToken);

    public Task Send(object message, CancellationToken cancellationToken = default) =>
        SendEndpointConverterCache.Send(this, message, message.GetType(), cancellationToken);

    public Task Send(object message, Type messageType, CancellationToken cancellationToken = default) =>
        SendEndpointConverterCache.Send(this, message, messageType, cancellationToken);

    public Task Send(object message, IPipe<SendContext> pipe, CancellationToken cancellationToken = default) =>
        SendEndpointConverterCache.Send(this, message, message.GetType(), pipe, cancellationToken);

    public Task Send(object message, Type messageType, IPipe<SendContext> pipe, CancellationToken cancellationToken = default) =>
        SendEndpointConverterCache.Send(this, message, messageType, pipe, cancellationToken);

    public async Task Send<T>(object values, CancellationToken cancellationToken = default)
        where T : class
    {
        var (message, pipe) = await MessageInitializerCache<T>.InitializeMessage(values, cancellationToken);
        await Send(message, pipe, cancellationToken);
    }

    public async Task Send<T>(object values, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken = default)
        where T : class
    {
        var (message, initialised) = await MessageInitializerCache<T>.InitializeMessage(values, pipe, cancellationToken);
        await Send(message, initialised, cancellationToken);
    }

    public async Task Send<T>(object values, IPipe<SendContext> pipe, CancellationToken cancellationToken = default)
        where T : class
    {
        var (message, initialised) = await MessageInitializerCache<T>.InitializeMessage(values, pipe, cancellationToken);
        await Send(message, initialised, cancellationToken);
    }

    /// <summary>What the publisher sets, and nothing else: the message's id is that of the event. A response says which request it answers.</summary>
    private async Task<SendContext> SetUpAsync<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = new MessageSendContext<T>(message, cancellationToken) { MessageId = null };
        if (mayRespond && pipe is ISendContextPipe response)
        {
            // MassTransit would copy every header of the message being handled, too: only the request is wanted.
            var answer = new MessageSendContext<T>(message, cancellationToken);
            await response.Send(answer);
            context.RequestId = answer.RequestId;
        }

        if (pipe.IsNotEmpty())
            await pipe.Send(context);
        return context;
    }

    private sealed class NothingConnected : ConnectHandle
    {
        public static readonly NothingConnected Instance = new();

        public void Disconnect()
        {
        }

        public void Dispose()
        {
        }
    }
}

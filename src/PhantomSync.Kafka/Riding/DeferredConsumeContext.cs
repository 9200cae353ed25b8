using System.Diagnostics.CodeAnalysis;
using MassTransit;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Kafka.Riding;

/// <summary>
/// A message of a micro-batch as its bulk consumer sees it. Hardly any asks for more than the message, so MassTransit's own
/// context, which costs as much as reading a small message, is made when something of it is first asked for.
/// </summary>
internal sealed class DeferredConsumeContext<TMessage>(ReceivedMessage received, Func<ReceivedMessage, ConsumeContext> create) : ConsumeContext<TMessage>
    where TMessage : class
{
    private ConsumeContext? _made;

    public TMessage Message { get; } = (TMessage)received.Content.Message;

    public Guid? MessageId => received.Envelope.MessageId;

    public Guid? CorrelationId => received.Envelope.CorrelationId;

    public Guid? InitiatorId => received.Envelope.CausationId;

    public CancellationToken CancellationToken => Made.CancellationToken;

    public ReceiveContext ReceiveContext => Made.ReceiveContext;

    public SerializerContext SerializerContext => Made.SerializerContext;

    public Task ConsumeCompleted => Made.ConsumeCompleted;

    public IEnumerable<string> SupportedMessageTypes => Made.SupportedMessageTypes;

    public Guid? RequestId => Made.RequestId;

    public Guid? ConversationId => Made.ConversationId;

    public DateTime? ExpirationTime => Made.ExpirationTime;

    public Uri? SourceAddress => Made.SourceAddress;

    public Uri? DestinationAddress => Made.DestinationAddress;

    public Uri? ResponseAddress => Made.ResponseAddress;

    public Uri? FaultAddress => Made.FaultAddress;

    public DateTime? SentTime => Made.SentTime;

    public MassTransit.Headers Headers => Made.Headers;

    public HostInfo Host => Made.Host;

    private ConsumeContext Made => LazyInitializer.EnsureInitialized(ref _made, () => create(received));

    public bool HasPayloadType(Type payloadType) => payloadType.IsInstanceOfType(this) || Made.HasPayloadType(payloadType);

    public bool TryGetPayload<T>([NotNullWhen(true)] out T? payload)
        where T : class
    {
        payload = this as T ?? received as T;
        return payload is not null || Made.TryGetPayload(out payload);
    }

    public T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory)
        where T : class => this as T ?? Made.GetOrAddPayload(payloadFactory);

    public T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory)
        where T : class => this as T ?? Made.AddOrUpdatePayload(addFactory, updateFactory);

    public bool HasMessageType(Type messageType) => Made.HasMessageType(messageType);

    public bool TryGetMessage<T>([NotNullWhen(true)] out ConsumeContext<T>? consumeContext)
        where T : class => Made.TryGetMessage(out consumeContext);

    public void AddConsumeTask(Task task) => Made.AddConsumeTask(task);

    public Task NotifyConsumed(TimeSpan duration, string consumerType) => Made.NotifyConsumed(this, duration, consumerType);

    public Task NotifyFaulted(TimeSpan duration, string consumerType, Exception exception) => Made.NotifyFaulted(this, duration, consumerType, exception);

    public Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Made.NotifyConsumed(context, duration, consumerType);

    public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Made.NotifyFaulted(context, duration, consumerType, exception);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => Made.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => Made.ConnectSendObserver(observer);

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => Made.GetSendEndpoint(address);

    public Task Publish<T>(T message, CancellationToken cancellationToken = default)
        where T : class => Made.Publish(message, cancellationToken);

    public Task Publish<T>(T message, IPipe<PublishContext<T>> publishPipe, CancellationToken cancellationToken = default)
        where T : class => Made.Publish(message, publishPipe, cancellationToken);

    public Task Publish<T>(T message, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default)
        where T : class => Made.Publish(message, publishPipe, cancellationToken);

    public Task Publish(object message, CancellationToken cancellationToken = default) => Made.Publish(message, cancellationToken);

    public Task Publish(object message, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default) =>
        Made.Publish(message, publishPipe, cancellationToken);

    public Task Publish(object message, Type messageType, CancellationToken cancellationToken = default) => Made.Publish(message, messageType, cancellationToken);

    public Task Publish(object message, Type messageType, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default) =>
        Made.Publish(message, messageType, publishPipe, cancellationToken);

    public Task Publish<T>(object values, CancellationToken cancellationToken = default)
        where T : class => Made.Publish<T>(values, cancellationToken);

    public Task Publish<T>(object values, IPipe<PublishContext<T>> publishPipe, CancellationToken cancellationToken = default)
        where T : class => Made.Publish(values, publishPipe, cancellationToken);

    public Task Publish<T>(object values, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default)
        where T : class => Made.Publish<T>(values, publishPipe, cancellationToken);

    public void Respond<T>(T message)
        where T : class => Made.Respond(message);

    public Task RespondAsync<T>(T message)
        where T : class => Made.RespondAsync(message);

    public Task RespondAsync<T>(T message, IPipe<SendContext<T>> sendPipe)
        where T : class => Made.RespondAsync(message, sendPipe);

    public Task RespondAsync<T>(T message, IPipe<SendContext> sendPipe)
        where T : class => Made.RespondAsync(message, sendPipe);

    public Task RespondAsync(object message) => Made.RespondAsync(message);

    public Task RespondAsync(object message, Type messageType) => Made.RespondAsync(message, messageType);

    public Task RespondAsync(object message, IPipe<SendContext> sendPipe) => Made.RespondAsync(message, sendPipe);

    public Task RespondAsync(object message, Type messageType, IPipe<SendContext> sendPipe) => Made.RespondAsync(message, messageType, sendPipe);

    public Task RespondAsync<T>(object values)
        where T : class => Made.RespondAsync<T>(values);

    public Task RespondAsync<T>(object values, IPipe<SendContext<T>> sendPipe)
        where T : class => Made.RespondAsync(values, sendPipe);

    public Task RespondAsync<T>(object values, IPipe<SendContext> sendPipe)
        where T : class => Made.RespondAsync<T>(values, sendPipe);
}

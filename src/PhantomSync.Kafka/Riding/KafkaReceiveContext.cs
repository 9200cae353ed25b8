using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Kafka.Riding;

/// <summary>
/// One message on its way through MassTransit's pipeline. It brings the micro-batch's scope along, so that every consumer of
/// the batch shares one set of services, and publishes through that scope.
/// </summary>
internal sealed class KafkaReceiveContext : BaseReceiveContext
{
    private readonly IServiceScope _scope;
    private readonly CancellationToken _cancellationToken;

    public KafkaReceiveContext(ReceivedMessage received, KafkaReceiveEndpointContext endpoint, IServiceScope scope, CancellationToken cancellationToken)
        : base(false, endpoint, scope, received)
    {
        Received = received;
        _scope = scope;
        _cancellationToken = cancellationToken;
        Body = new BytesMessageBody(received.Record.Body);
        var serializerContext = new KafkaSerializerContext(received.Content.Message, new KafkaMessageContext(received, this), endpoint.MessageTypeNames(received.Content.Type));
        ConsumeContext = new KafkaConsumeContext(this, serializerContext);
        AddOrUpdatePayload<ConsumeContext>(() => ConsumeContext, _ => ConsumeContext);
    }

    public ReceivedMessage Received { get; }

    public KafkaConsumeContext ConsumeContext { get; }

    public ConsumerTurns Turns { get; } = new();

    public override MessageBody Body { get; }

    public override CancellationToken CancellationToken => _cancellationToken;

    protected override IHeaderProvider HeaderProvider => new KafkaHeaderProvider(Received.Record.Headers);

    protected override IPublishEndpointProvider GetPublishEndpointProvider() =>
        _scope.ServiceProvider.GetService<IScopedEndpointProviders>()?.PublishEndpointProvider(base.GetPublishEndpointProvider(), Received.Envelope)
        ?? base.GetPublishEndpointProvider();

    protected override ISendEndpointProvider GetSendEndpointProvider() =>
        _scope.ServiceProvider.GetService<IScopedEndpointProviders>()?.SendEndpointProvider(base.GetSendEndpointProvider(), Received.Envelope)
        ?? base.GetSendEndpointProvider();
}

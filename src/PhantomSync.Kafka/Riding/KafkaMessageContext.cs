using MassTransit;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Riding;

/// <summary>MassTransit's view of who a message is, taken from the message itself and not from headers that may be absent.</summary>
internal sealed class KafkaMessageContext(ReceivedMessage received, ReceiveContext receiveContext) : MessageContext
{
    public Guid? MessageId => received.Envelope.MessageId;

    public Guid? RequestId { get; } = Guid.TryParse(WireHeaders.Text(received.Record.Headers, WireHeaders.RequestId), out var id) ? id : null;

    public Guid? CorrelationId => received.Envelope.CorrelationId;

    public Guid? ConversationId => received.Envelope.CorrelationId ?? received.Envelope.MessageId;

    public Guid? InitiatorId => received.Envelope.CausationId;

    public DateTime? ExpirationTime => null;

    public Uri? SourceAddress => null;

    public Uri DestinationAddress => receiveContext.InputAddress;

    public Uri? ResponseAddress { get; } = Uri.TryCreate(WireHeaders.Text(received.Record.Headers, WireHeaders.ResponseAddress), UriKind.Absolute, out var address) ? address : null;

    public Uri? FaultAddress => null;

    public DateTime? SentTime => received.Envelope.OccurredAt.UtcDateTime;

    public Headers Headers => receiveContext.TransportHeaders;

    public HostInfo Host => null!;
}

using MassTransit;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Kafka.Riding;

/// <summary>MassTransit's view of who a message is, taken from the message itself and not from headers that may be absent.</summary>
internal sealed class KafkaMessageContext(ReceivedMessage received, ReceiveContext receiveContext) : MessageContext
{
    public Guid? MessageId => received.Envelope.MessageId;

    public Guid? RequestId => null;

    public Guid? CorrelationId => received.Envelope.CorrelationId;

    public Guid? ConversationId => received.Envelope.CorrelationId ?? received.Envelope.MessageId;

    public Guid? InitiatorId => received.Envelope.CausationId;

    public DateTime? ExpirationTime => null;

    public Uri? SourceAddress => null;

    public Uri DestinationAddress => receiveContext.InputAddress;

    public Uri? ResponseAddress => null;

    public Uri? FaultAddress => null;

    public DateTime? SentTime => received.Envelope.OccurredAt.UtcDateTime;

    public Headers Headers => receiveContext.TransportHeaders;

    public HostInfo Host => null!;
}

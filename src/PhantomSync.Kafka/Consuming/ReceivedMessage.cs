using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Consuming;

/// <summary>A record and what it says.</summary>
public sealed record ReceivedMessage(IncomingRecord Record, IncomingMessage Content)
{
    public MessageEnvelope Envelope => Content.Envelope;
}

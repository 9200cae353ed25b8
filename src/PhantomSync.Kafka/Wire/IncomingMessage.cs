namespace PhantomSync.Kafka.Wire;

/// <summary>A record's value, read.</summary>
/// <param name="Type">What kind of record it is.</param>
/// <param name="Message">The message, an instance of <see cref="WireMessage.MessageType"/>.</param>
/// <param name="Envelope">Who it is and where it comes from.</param>
public readonly record struct IncomingMessage(WireMessage Type, object Message, MessageEnvelope Envelope);

namespace PhantomSync.Kafka.Wire;

/// <summary>A record's value, read.</summary>
/// <param name="Type">What kind of record it is.</param>
/// <param name="Message">The message, an instance of <see cref="WireMessage.MessageType"/>.</param>
/// <param name="Envelope">Who it is and where it comes from.</param>
public readonly record struct IncomingMessage(WireMessage Type, object Message, MessageEnvelope Envelope)
{
    /// <summary>A hash of what the message says apart from its metadata, where the format has it at hand.</summary>
    public ulong? ContentHash { get; init; }
}

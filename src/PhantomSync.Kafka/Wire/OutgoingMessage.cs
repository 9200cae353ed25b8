namespace PhantomSync.Kafka.Wire;

/// <summary>A message as it will stand in the log.</summary>
/// <param name="Type">What kind of record it is.</param>
/// <param name="Message">The message as completed and written.</param>
/// <param name="Envelope">Who it is and where it comes from.</param>
/// <param name="Key">The partition key.</param>
/// <param name="Body">The record's value.</param>
public readonly record struct OutgoingMessage(WireMessage Type, object Message, MessageEnvelope Envelope, string? Key, byte[] Body);

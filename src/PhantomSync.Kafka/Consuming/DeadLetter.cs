using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Consuming;

/// <summary>A record that a consumer could not handle, and why.</summary>
/// <param name="Group">The consumer group that gave it up.</param>
/// <param name="Record">The record as it was read.</param>
/// <param name="EventType">What kind of record it is, as far as it says.</param>
/// <param name="Envelope">Who it is; null where it cannot be read.</param>
/// <param name="Reason">One sentence for an operator.</param>
/// <param name="Exception">The exception with its stack; null where the record itself is at fault.</param>
/// <param name="Attempts">How often handling it was tried.</param>
/// <param name="BlocksKey">Whether later records of its partition key must wait for it.</param>
public sealed record DeadLetter(
    string Group,
    IncomingRecord Record,
    string? EventType,
    MessageEnvelope? Envelope,
    string Reason,
    string? Exception,
    int Attempts,
    bool BlocksKey)
{
    /// <summary>What failed, for the log; unlike the reason it quotes nothing of the event.</summary>
    public string Fault { get; init; } = "";
}

using System.Diagnostics.CodeAnalysis;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Kafka.Wire;

/// <summary>
/// How messages look in Kafka, and which there are. The rider knows no message of its own: it is given a format.
/// Implementations are immutable and thread-safe.
/// </summary>
public interface IWireFormat
{
    /// <summary>Every kind of record this format can read and write.</summary>
    IReadOnlyCollection<WireMessage> Messages { get; }

    bool TryGet(Type messageType, [NotNullWhen(true)] out WireMessage? message);

    bool TryGet(string name, [NotNullWhen(true)] out WireMessage? message);

    /// <summary>The kind of record that <paramref name="body"/> says it is, read from its first bytes; null if it does not say. Never throws.</summary>
    string? PeekName(ReadOnlySpan<byte> body);

    /// <summary>Reads a record's value.</summary>
    /// <exception cref="UnreadableRecordException">The value is not what the format asks for; the message names the field.</exception>
    IncomingMessage Read(ReadOnlyMemory<byte> body);

    /// <summary>Writes a message, completing what identifies it where the caller left that open.</summary>
    /// <param name="message">An instance of one of the <see cref="Messages"/>.</param>
    /// <param name="context">What it is completed with.</param>
    /// <exception cref="ArgumentException">The message breaks a rule of the format; the text names the field.</exception>
    OutgoingMessage Write(object message, in WriteContext context);
}

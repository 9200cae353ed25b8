using System.Diagnostics.CodeAnalysis;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Scheduling;

/// <summary>A wire format that reads, besides its own, what services have scheduled for themselves.</summary>
internal sealed class ScheduledWireFormat(IWireFormat events, ScheduledTypes scheduled) : IWireFormat
{
    public IReadOnlyCollection<WireMessage> Messages => events.Messages;

    public bool TryGet(Type messageType, [NotNullWhen(true)] out WireMessage? message) => events.TryGet(messageType, out message);

    public bool TryGet(string name, [NotNullWhen(true)] out WireMessage? message) => events.TryGet(name, out message) || scheduled.TryGet(name, out message);

    public string? PeekName(ReadOnlySpan<byte> body) => events.PeekName(body);

    public IncomingMessage Read(ReadOnlyMemory<byte> body) =>
        !scheduled.IsEmpty && events.PeekName(body.Span) is { } name && scheduled.TryGet(name, out var type)
            ? ScheduledRecord.Read(type, body)
            : events.Read(body);

    public OutgoingMessage Write(object message, in WriteContext context) => events.Write(message, context);
}

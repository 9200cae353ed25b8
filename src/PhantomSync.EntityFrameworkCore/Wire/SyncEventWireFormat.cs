using System.Diagnostics.CodeAnalysis;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Wire;

/// <summary>The platform's events as the rider's wire format.</summary>
public sealed class SyncEventWireFormat : IWireFormat
{
    private readonly EventCatalogue _catalogue;
    private readonly Dictionary<Type, WireMessage> _byType = [];
    private readonly Dictionary<string, WireMessage> _byName = new(StringComparer.Ordinal);

    public SyncEventWireFormat(EventCatalogue catalogue)
    {
        _catalogue = catalogue;
        foreach (var descriptor in catalogue.Events)
        {
            var message = new WireMessage(descriptor.EventType, descriptor.ClrType, descriptor.Topic);
            _byType.Add(descriptor.ClrType, message);
            _byName.Add(descriptor.EventType, message);
        }
    }

    public IReadOnlyCollection<WireMessage> Messages => _byType.Values;

    public bool TryGet(Type messageType, [NotNullWhen(true)] out WireMessage? message) => _byType.TryGetValue(messageType, out message);

    public bool TryGet(string name, [NotNullWhen(true)] out WireMessage? message) => _byName.TryGetValue(name, out message);

    public string? PeekName(ReadOnlySpan<byte> body) => EventCatalogue.PeekEventType(body);

    public IncomingMessage Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var read = _catalogue.Read(body.Span, out var contentHash);
            return new IncomingMessage(_byType[read.GetType()], read, EnvelopeOf(read.SyncMetadata)) { ContentHash = contentHash };
        }
        catch (WireFormatException exception)
        {
            throw new UnreadableRecordException(exception.Message, exception);
        }
    }

    public OutgoingMessage Write(object message, in WriteContext context)
    {
        if (message is not ISyncEvent given || !_byType.TryGetValue(message.GetType(), out var type))
            throw new ArgumentException($"{message.GetType().Name} is not in the event catalogue. Add an EventDescriptor for it.", nameof(message));
        var completed = Completion.Of(given, context);
        if (_catalogue.Validate(completed) is { } problem)
            throw new ArgumentException($"{type.Name} cannot be published: {problem.Message}", nameof(message), problem);
        _catalogue.TryGet(type.MessageType, out var descriptor);
        return new OutgoingMessage(type, completed, EnvelopeOf(completed.SyncMetadata), descriptor!.KeyOf(completed), _catalogue.Write(completed));
    }

    internal static MessageEnvelope EnvelopeOf(SyncMetadata metadata) => new(
        metadata.EventId,
        metadata.TenantId,
        metadata.IdempotencyKey,
        metadata.CorrelationId,
        metadata.CausationId,
        metadata.OccurredAt.ToDateTimeOffset());
}

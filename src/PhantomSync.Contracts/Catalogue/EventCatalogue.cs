using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using PhantomSync.Contracts.Catalogue;
using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts;

/// <summary>
/// The events that a process knows, and the wire form of each. Never changes; safe to share among
/// threads. What one catalogue writes, every catalogue that knows the event reads.
/// </summary>
public sealed class EventCatalogue
{
    private readonly FrozenDictionary<Type, EventDescriptor> _byType;
    private readonly FrozenDictionary<string, EventDescriptor> _byName;
    private readonly FrozenDictionary<string, EventDescriptor>.AlternateLookup<ReadOnlySpan<char>> _byNameText;

    /// <summary>A catalogue of exactly these events.</summary>
    /// <exception cref="ArgumentException">Two of them have the same name or the same type.</exception>
    public EventCatalogue(params IEnumerable<EventDescriptor> events)
    {
        Events = [.. events];
        RefuseTwins(Events, e => e.EventType, "are called");
        RefuseTwins(Events, e => e.ClrType, "have the type");
        Topics = [.. Events.Select(e => e.Topic).Distinct().Order(StringComparer.Ordinal)];
        _byType = Events.ToFrozenDictionary(e => e.ClrType);
        _byName = Events.ToFrozenDictionary(e => e.EventType, StringComparer.Ordinal);
        _byNameText = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The fifteen events of the platform.</summary>
    public static EventCatalogue Platform { get; } = new(PlatformEvents.All());

    /// <summary>Every event, in the order of registration.</summary>
    public IReadOnlyList<EventDescriptor> Events { get; }

    /// <summary>Every topic, once, in alphabetical order.</summary>
    public IReadOnlyList<string> Topics { get; }

    /// <summary>The event type of a record, or null if the bytes do not tell; never throws. Reads no further than it must.</summary>
    public static string? PeekEventType(ReadOnlySpan<byte> utf8) => EventTypePeek.In(utf8);

    /// <summary>A catalogue that knows these events too.</summary>
    /// <exception cref="ArgumentException">A name or a type is there already.</exception>
    public EventCatalogue With(params IEnumerable<EventDescriptor> more) => new(Events.Concat(more));

    /// <summary>The event of that name on the wire.</summary>
    public bool TryGet(string eventType, [MaybeNullWhen(false)] out EventDescriptor descriptor) => _byName.TryGetValue(eventType, out descriptor);

    /// <summary>The event of that type.</summary>
    public bool TryGet(Type type, [MaybeNullWhen(false)] out EventDescriptor descriptor) => _byType.TryGetValue(type, out descriptor);

    /// <summary>What is known about an event.</summary>
    /// <exception cref="ArgumentException">The catalogue does not know its type.</exception>
    public EventDescriptor Describe(ISyncEvent e) => TryGet(e.GetType(), out var descriptor)
        ? descriptor
        : throw new ArgumentException(
            $"{e.GetType()} is not in the catalogue. Add it: catalogue.With(EventDescriptor.Create<{e.GetType().Name}>(\"{e.GetType().Name}\", topic, key, json)).",
            nameof(e));

    /// <summary>
    /// What keeps an event from being published, or null: ids, numbers, the limits of its strategy and, if it
    /// has metadata, whether both tenants are the same. Metadata that is not filled in yet is no fault.
    /// </summary>
    public WireFormatException? Validate(ISyncEvent e) => Describe(e).Validate(e);

    /// <summary>The record of an event, as UTF-8 JSON.</summary>
    /// <exception cref="WireFormatException">The event has a value that no reader would accept, or no metadata.</exception>
    public byte[] Write(ISyncEvent e)
    {
        var descriptor = Describe(e);
        using var writer = RecordWriter.Rent();
        descriptor.Write(e, writer);
        return writer.Written.ToArray();
    }

    /// <summary>Writes the record of an event, as UTF-8 JSON: all of it, or nothing if the event is refused.</summary>
    /// <exception cref="WireFormatException">The event has a value that no reader would accept, or no metadata.</exception>
    public void Write(ISyncEvent e, IBufferWriter<byte> to)
    {
        var descriptor = Describe(e);
        using var writer = RecordWriter.Rent();
        descriptor.Write(e, writer);
        to.Write(writer.Written);
    }

    /// <summary>The event of a record.</summary>
    /// <exception cref="WireFormatException">The bytes are no record of an event in this catalogue. Nothing else is thrown, whatever the bytes.</exception>
    public ISyncEvent Read(ReadOnlyMemory<byte> utf8) => Read(utf8.Span);

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})"/>
    public ISyncEvent Read(ReadOnlySpan<byte> utf8) => Read(utf8, out _);

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})"/>
    /// <param name="utf8">The record.</param>
    /// <param name="contentHash">The same as <see cref="ContentHash.Of"/> gives, at hardly any cost.</param>
    public ISyncEvent Read(ReadOnlySpan<byte> utf8, out ulong contentHash)
    {
        var parts = RecordScan.Of(utf8);
        contentHash = parts.ContentHash;
        var descriptor = DescriptorOf(utf8, parts);
        if (parts.DataKind == JsonTokenType.None)
            throw new WireFormatException(WireFormatError.MissingField, "data", "an object", "nothing") { EventType = descriptor.EventType };
        try
        {
            return descriptor.Read(utf8[parts.Data]);
        }
        catch (WireFormatException fault)
        {
            fault.EventType = descriptor.EventType;
            throw;
        }
    }

    private EventDescriptor DescriptorOf(ReadOnlySpan<byte> utf8, RecordParts parts)
    {
        if (parts.EventTypeStart < 0)
            throw new WireFormatException(WireFormatError.MissingField, "event_type", "a string", "nothing");
        var reader = new Utf8JsonReader(utf8[parts.EventTypeStart..], isFinalBlock: false, default);
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
            throw new WireFormatException(WireFormatError.WrongType, "event_type", "a string", FoundValue.Describe(ref reader));
        Span<char> name = stackalloc char[Identifier.MaxLength];
        if (reader.ValueSpan.Length <= name.Length && _byNameText.TryGetValue(name[..reader.CopyString(name)], out var descriptor))
            return descriptor;
        throw new WireFormatException(WireFormatError.UnknownEventType, "event_type", "an event type of the catalogue", FoundValue.Describe(ref reader))
        {
            EventType = reader.GetString(),
        };
    }

    private static void RefuseTwins<T>(IReadOnlyList<EventDescriptor> events, Func<EventDescriptor, T> what, string verb)
    {
        if (events.GroupBy(what).FirstOrDefault(g => g.Count() > 1) is { } twins)
            throw new ArgumentException($"Two events {verb} '{twins.Key}'. Each event is registered once.", nameof(events));
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PhantomSync.Contracts.Catalogue;
using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts;

/// <summary>What there is to know about one event: its name on the wire, its type, its topic, its key.</summary>
public sealed class EventDescriptor
{
    private readonly JsonTypeInfo _json;
    private readonly EventRules _rules;
    private readonly Func<ISyncEvent, string> _key;
    private readonly JsonEncodedText _encodedType;

    private EventDescriptor(string eventType, string topic, Func<ISyncEvent, string> key, JsonTypeInfo json)
    {
        EventType = eventType;
        Topic = topic;
        _key = key;
        _json = WireJson.Adopt(json);
        _rules = new EventRules(_json);
        _encodedType = JsonEncodedText.Encode(eventType, SerdeEncoder.Instance);
    }

    /// <summary>The name on the wire, such as <c>ModelCreated</c>.</summary>
    public string EventType { get; }

    /// <summary>The type in this process; its name never leaves it.</summary>
    public Type ClrType => _json.Type;

    /// <summary>The Kafka topic the event travels on.</summary>
    public string Topic { get; }

    /// <summary>Describes an event.</summary>
    /// <param name="eventType">The name on the wire.</param>
    /// <param name="topic">The Kafka topic; events that must keep their order among each other share one.</param>
    /// <param name="key">The partition key, usually <see cref="PartitionKey.Of"/> of tenant and entity.</param>
    /// <param name="json">The type as a <see cref="System.Text.Json.Serialization.JsonSerializerContext"/> knows it. Only what it knows
    /// about the type counts: naming, numbers and the like follow the wire form.</param>
    /// <exception cref="ArgumentException">A name is not allowed, or <paramref name="key"/> is missing.</exception>
    public static EventDescriptor Create<T>(string eventType, string topic, Func<T, string> key, JsonTypeInfo<T> json)
        where T : class, ISyncEvent
    {
        var name = typeof(T).Name;
        if (!Identifier.IsSound(eventType))
            throw new ArgumentException($"The event type of {name} is '{eventType}'; it needs {Identifier.Expected}.", nameof(eventType));
        if (!TopicName.IsSound(topic))
            throw new ArgumentException($"The topic of event '{eventType}' is '{topic}'; Kafka needs {TopicName.Expected}.", nameof(topic));
        if (key is null)
            throw new ArgumentException($"Event '{eventType}' has no key. Pass key: e => PartitionKey.Of(e.TenantId, …) with the entity whose events keep their order.", nameof(key));
        ArgumentNullException.ThrowIfNull(json);
        return new EventDescriptor(eventType, topic, e => key((T)e), json);
    }

    /// <summary>The partition key of an event of this type.</summary>
    public string KeyOf(ISyncEvent e)
    {
        var key = _key(e);
        return string.IsNullOrEmpty(key)
            ? throw new InvalidOperationException($"The key rule of event '{EventType}' gave an empty key. Events without a key have no order.")
            : key;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{EventType} on {Topic}";

    /// <summary>What keeps an event from being published, or null.</summary>
    internal WireFormatException? Validate(ISyncEvent e) => _rules.Check(e) ?? EventRules.CheckStrategy(e.SyncMetadata?.SyncStrategy);

    internal void Write(ISyncEvent e, RecordWriter to)
    {
        if (e.SyncMetadata is null || ReferenceEquals(e.SyncMetadata, SyncMetadata.Unset))
        {
            throw new WireFormatException(
                WireFormatError.MetadataNotSet, "data.sync_metadata", "metadata", "none: publish the event, or fill it with WithMetadata");
        }
        if ((_rules.Check(e) ?? EventRules.CheckMetadata(e.SyncMetadata)) is { } fault)
            throw fault;
        try
        {
            to.Write(_encodedType, e, _json);
        }
        catch (UnexpectedValueException unexpected)
        {
            throw Diagnosis.OfWriting(unexpected);
        }
        catch (Exception refused) when (refused is not OutOfMemoryException)
        {
            throw new WireFormatException(WireFormatError.InvalidValue, "data", $"a value of {EventType} that can be written", Printable.Cut(refused.Message, 200), refused);
        }
        if (_rules.HasFreeJson)
            RecordScan.Of(to.Written);
    }

    internal ISyncEvent Read(ReadOnlySpan<byte> data)
    {
        try
        {
            var e = (ISyncEvent?)JsonSerializer.Deserialize(data, _json)
                ?? throw new WireFormatException(WireFormatError.WrongType, "data", "an object", "null");
            if (e.SyncMetadata is null || ReferenceEquals(e.SyncMetadata, SyncMetadata.Unset))
                throw new WireFormatException(WireFormatError.MissingField, "data.sync_metadata", "an object", "nothing");
            return (_rules.Check(e) ?? EventRules.CheckMetadata(e.SyncMetadata)) is { } fault ? throw fault : e;
        }
        catch (JsonException error)
        {
            throw Diagnosis.OfReading(error, JsonElement.Parse(data), _json);
        }
        catch (Exception refused) when (refused is not (OutOfMemoryException or WireFormatException))
        {
            // The type of a user's event may throw whatever it likes from its own code.
            throw new WireFormatException(WireFormatError.InvalidValue, "data", $"a value of {EventType}", Printable.Cut(refused.Message, 200), refused);
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Consuming;

/// <summary>The side entrance of an endpoint: its handlers, without its consumer, its inbox and its retries. The caller sees to those.</summary>
public sealed class EndpointDoor
{
    private readonly IWireFormat _format;
    private readonly IMessageDispatcher _dispatcher;

    internal EndpointDoor(IWireFormat format, IMessageDispatcher dispatcher)
    {
        _format = format;
        _dispatcher = dispatcher;
    }

    /// <summary>Reads a record as the endpoint would; null where no handler takes it.</summary>
    /// <exception cref="UnreadableRecordException">It is of an unknown kind, or its value cannot be read.</exception>
    public ReceivedMessage? Read(IncomingRecord record)
    {
        var body = record.Body ?? [];
        var name = WireHeaders.Text(record.Headers, WireHeaders.EventType) ?? _format.PeekName(body);
        if (name is not null)
        {
            if (!_format.TryGet(name, out var type))
                throw new UnreadableRecordException($"event_type '{name}' is not known to this release.");
            if (!_dispatcher.Handles(type))
                return null;
        }

        var content = _format.Read(body);
        return _dispatcher.Handles(content.Type) ? new ReceivedMessage(record, content) : null;
    }

    /// <summary>Whether a handler takes messages of that name.</summary>
    public bool Takes(string name) => _format.TryGet(name, out var type) && _dispatcher.Handles(type);

    /// <summary>Brings a message to the endpoint's handlers, with services from <paramref name="scope"/>. What they throw comes out.</summary>
    public Task DispatchAsync(ReceivedMessage message, IServiceScope scope, CancellationToken cancellationToken) =>
        _dispatcher.DispatchAsync([message], scope, cancellationToken);
}

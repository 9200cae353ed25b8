using System.Diagnostics.CodeAnalysis;
using MassTransit;
using MassTransit.Serialization;

namespace PhantomSync.Kafka.Riding;

/// <summary>Gives MassTransit the message that has been read already.</summary>
internal sealed class KafkaSerializerContext(object message, MessageContext context, string[] messageTypes)
    : BaseSerializerContext(SystemTextJsonMessageSerializer.Instance, context, messageTypes)
{
    public override bool IsSupportedMessageType<T>() => message is T;

    public override bool IsSupportedMessageType(Type messageType) => messageType.IsInstanceOfType(message);

    public override bool TryGetMessage<T>([NotNullWhen(true)] out T? found)
        where T : class
    {
        found = message as T;
        return found is not null;
    }

    public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? found)
    {
        found = messageType.IsInstanceOfType(message) ? message : null;
        return found is not null;
    }

    public override IMessageSerializer GetMessageSerializer() => SystemTextJsonMessageSerializer.Instance;

    public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T content)
    {
        var serializer = new SystemTextJsonBodyMessageSerializer(envelope, SystemTextJsonMessageSerializer.JsonContentType, SystemTextJsonMessageSerializer.Options);
        serializer.Overlay(content);
        return serializer;
    }

    public override IMessageSerializer GetMessageSerializer(object content, string[] types) =>
        new SystemTextJsonBodyMessageSerializer(
            new JsonMessageEnvelope(this, content, types),
            SystemTextJsonMessageSerializer.JsonContentType,
            SystemTextJsonMessageSerializer.Options);

    public override Dictionary<string, object> ToDictionary<T>(T? content)
        where T : class =>
        throw new NotSupportedException("Messages from Kafka are records of the wire format; they are not converted to dictionaries.");
}

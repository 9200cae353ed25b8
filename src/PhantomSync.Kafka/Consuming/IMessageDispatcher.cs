using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Consuming;

/// <summary>Brings messages to their handlers.</summary>
internal interface IMessageDispatcher
{
    /// <summary>Whether this endpoint has a handler for that kind of message.</summary>
    bool Handles(WireMessage type);

    /// <summary>Handles the messages in their order, with services from <paramref name="scope"/>. What a handler throws comes out.</summary>
    Task DispatchAsync(IReadOnlyList<ReceivedMessage> messages, IServiceScope scope, CancellationToken cancellationToken);
}

using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Kafka.Riding;

/// <summary>A consumer of whole micro-batches.</summary>
internal interface IBulkHandler
{
    /// <summary>The messages it takes: a wire message's own type or something that type can be assigned to.</summary>
    Type MessageType { get; }

    Task HandleAsync(IReadOnlyList<ReceivedMessage> messages, IServiceScope scope, CancellationToken cancellationToken);
}

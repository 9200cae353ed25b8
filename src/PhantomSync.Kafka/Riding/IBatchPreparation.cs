using MassTransit;

namespace PhantomSync.Kafka.Riding;

/// <summary>Prepares for a micro-batch's messages before the first of them is handled.</summary>
public interface IBatchPreparation
{
    /// <param name="messages">Those that take MassTransit's pipeline, in their order.</param>
    /// <param name="services">The micro-batch's scope; its transaction has begun.</param>
    /// <param name="cancellationToken">The partition is being given up.</param>
    Task PrepareAsync(IReadOnlyList<ConsumeContext> messages, IServiceProvider services, CancellationToken cancellationToken);
}

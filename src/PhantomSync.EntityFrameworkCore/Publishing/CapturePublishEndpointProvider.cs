using MassTransit;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>Messages that have a topic go to the outbox, all others where they would go anyway.</summary>
internal sealed class CapturePublishEndpointProvider(ScopedOutbox outbox, IPublishEndpointProvider fallback, MessageEnvelope? cause) : IPublishEndpointProvider
{
    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class =>
        typeof(T).IsInterface || typeof(T).IsAbstract || outbox.HasTopic(typeof(T))
            ? Task.FromResult<ISendEndpoint>(new CaptureSendEndpoint(outbox, fallback.GetPublishSendEndpoint<T>, cause))
            : fallback.GetPublishSendEndpoint<T>();

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => fallback.ConnectPublishObserver(observer);
}

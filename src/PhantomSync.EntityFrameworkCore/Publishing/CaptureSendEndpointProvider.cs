using MassTransit;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>Sends go to the outbox if the message has a topic (the catalogue decides which, not the address), else to the address.</summary>
internal sealed class CaptureSendEndpointProvider(ScopedOutbox outbox, ISendEndpointProvider fallback, MessageEnvelope? cause) : ISendEndpointProvider
{
    public Task<ISendEndpoint> GetSendEndpoint(Uri address) =>
        Task.FromResult<ISendEndpoint>(new CaptureSendEndpoint(outbox, () => fallback.GetSendEndpoint(address), cause, mayRespond: true));

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => fallback.ConnectSendObserver(observer);
}

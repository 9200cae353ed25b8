using MassTransit;
using MassTransit.DependencyInjection;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>The way to the bus for what has no topic: on behalf of the message that the scope is handling right now, if any.</summary>
internal sealed class CurrentBusProvider(IBus bus, IScopedConsumeContextProvider consuming, IServiceProvider provider) : IPublishEndpointProvider, ISendEndpointProvider
{
    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class
    {
        IPublishEndpointProvider current = consuming.HasContext
            ? new ScopedConsumePublishEndpointProvider(bus, consuming.GetContext(), provider)
            : new ScopedPublishEndpointProvider(bus, provider);
        return current.GetPublishSendEndpoint<T>();
    }

    public Task<ISendEndpoint> GetSendEndpoint(Uri address)
    {
        ISendEndpointProvider current = consuming.HasContext
            ? new ScopedConsumeSendEndpointProvider(bus, consuming.GetContext(), provider)
            : new ScopedSendEndpointProvider(bus, provider);
        return current.GetSendEndpoint(address);
    }

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => bus.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => bus.ConnectSendObserver(observer);
}

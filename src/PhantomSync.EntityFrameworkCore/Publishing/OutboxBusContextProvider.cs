using MassTransit;
using MassTransit.Clients;
using MassTransit.DependencyInjection;
using MassTransit.Transports;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>
/// Makes the scope's <c>IPublishEndpoint</c> and <c>ISendEndpointProvider</c> those of its outbox. One scope handles many messages
/// in turn, so which of them is the cause is asked anew each time.
/// </summary>
internal sealed class OutboxBusContextProvider<TBus> : IScopedBusContextProvider<TBus>, ScopedBusContext
    where TBus : class, IBus
{
    private readonly Bind<TBus, IClientFactory> _clientFactory;
    private readonly IServiceProvider _provider;
    private IScopedClientFactory? _scopedClientFactory;

    public OutboxBusContextProvider(TBus bus, Bind<TBus, IClientFactory> clientFactory, ScopedOutbox outbox, IScopedConsumeContextProvider consuming, IServiceProvider provider)
    {
        _clientFactory = clientFactory;
        _provider = provider;
        var current = new CurrentBusProvider(bus, consuming, provider);
        SendEndpointProvider = outbox.SendEndpointProvider(current, null);
        PublishEndpoint = new PublishEndpoint(outbox.PublishEndpointProvider(current, null));
    }

    public ScopedBusContext Context => this;

    public ISendEndpointProvider SendEndpointProvider { get; }

    public IPublishEndpoint PublishEndpoint { get; }

    public IScopedClientFactory ClientFactory =>
        _scopedClientFactory ??= new ScopedClientFactory(new ClientFactory(new ScopedClientFactoryContext(_clientFactory.Value, _provider)), null);
}

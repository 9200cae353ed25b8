using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Journeys;
using PhantomSync.EntityFrameworkCore.Preloading;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Registers services: consumer groups whose consumers share a context, its inbox and its outbox.</summary>
public static class ServiceEndpointExtensions
{
    /// <summary>
    /// Adds the consumer group <paramref name="service"/>. Its consumers run in transactions of <typeparamref name="TDbContext"/>,
    /// which must have an outbox (<c>AddEntityFrameworkOutbox</c>). Call <see cref="ConfigureServices"/> in <c>UsingKafka</c>.
    /// </summary>
    public static IRiderRegistrationConfigurator AddService<TDbContext>(this IRiderRegistrationConfigurator rider, string service, Action<ServiceEndpointConfigurator> configure)
        where TDbContext : DbContext
    {
        var configurator = new ServiceEndpointConfigurator(rider, choice => choice.ExistingDbContext<TDbContext>());
        configure(configurator);
        if (configurator.Preloads.Count > 0)
            rider.ConfigureDbContext<TDbContext>(options => options.AddInterceptors(PreloadInterceptor.Instance));
        rider.AddSingleton(new ServiceEndpoint(service, (context, endpoint) =>
        {
            // SQLite has one writer: more partitions at once would only wait for each other.
            if (context.GetRequiredService<InboxParts<TDbContext>>().Provider == OutboxProvider.Sqlite)
                endpoint.Options.ConcurrentPartitions = 1;
            endpoint.UseEntityFrameworkInbox<TDbContext>(configurator.Preloads);
            endpoint.UseSagas(context, service);
            configurator.Apply(context, endpoint);
        }));
        rider.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<DeadLetterReplay<TDbContext>>(provider, service));
        rider.AddSingleton<IEventJourney>(provider => new InboxJourney<TDbContext>(
            service, Endpoints(provider), provider.GetRequiredService<InboxParts<TDbContext>>(), provider.GetRequiredService<IServiceScopeFactory>()));
        return rider;
    }

    /// <summary>
    /// Adds the consumer group <paramref name="service"/>, whose store is not a context. There is no inbox: its consumers must
    /// write so that an event that comes again changes nothing. What they cannot handle goes to the dead-letter topic.
    /// </summary>
    public static IRiderRegistrationConfigurator AddService(this IRiderRegistrationConfigurator rider, string service, Action<ServiceEndpointConfigurator> configure)
    {
        var configurator = new ServiceEndpointConfigurator(rider, null);
        configure(configurator);
        if (configurator.Preloads.Count > 0)
            throw new ConfigurationException($"Service '{service}': Preload loads rows of a context, and this service has none. Use AddService<TDbContext>.");
        rider.AddSingleton(new ServiceEndpoint(service, configurator.Apply));
        rider.AddSingleton<IEventJourney>(provider => new UnkeptJourney(service, Endpoints(provider)));
        return rider;
    }

    /// <summary>Adds the endpoints of all services registered with <see cref="AddService"/>.</summary>
    public static void ConfigureServices(this IKafkaFactoryConfigurator kafka, IRiderRegistrationContext context)
    {
        foreach (var service in context.GetServices<ServiceEndpoint>())
            kafka.TopicEndpoint(service.Group, endpoint => service.Configure(context, endpoint));
    }

    /// <summary>There they are once the bus has been built, whether or not it is ever started.</summary>
    private static EndpointDirectory Endpoints(IServiceProvider provider)
    {
        provider.GetRequiredService<IBus>();
        return provider.GetRequiredService<EndpointDirectory>();
    }
}

using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Gating;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Preloading;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.EntityFrameworkCore.Relaying;
using PhantomSync.EntityFrameworkCore.Sagas;
using PhantomSync.EntityFrameworkCore.Scheduling;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Riding;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Adds a transactional outbox and inbox to a context.</summary>
public static class EntityFrameworkOutboxExtensions
{
    /// <summary>
    /// Gives <typeparamref name="TDbContext"/> an outbox: what is published in a scope that works with it is written with its
    /// changes and leaves after their commit. Its model must call <c>AddTransactionalOutboxEntities()</c>.
    /// </summary>
    /// <exception cref="ConfigurationException">Neither <c>UsePostgres</c> nor <c>UseSqlite</c> was called, or the retention is not positive.</exception>
    public static void AddEntityFrameworkOutbox<TDbContext>(this IBusRegistrationConfigurator bus, Action<EntityFrameworkOutboxConfigurator> configure)
        where TDbContext : DbContext
    {
        var configurator = new EntityFrameworkOutboxConfigurator();
        configure(configurator);
        if (configurator.Provider == OutboxProvider.Unset)
            throw new ConfigurationException($"AddEntityFrameworkOutbox<{typeof(TDbContext).Name}>: call UsePostgres() or UseSqlite().");
        if (configurator.InboxRetention <= TimeSpan.Zero)
            throw new ConfigurationException($"AddEntityFrameworkOutbox<{typeof(TDbContext).Name}>: InboxRetention is {configurator.InboxRetention}; it must be longer than the retention of the topics.");

        bus.DisableUsageTelemetry();
        bus.AddSyncEvents(EventCatalogue.Platform);
        bus.TryAddSingleton(TimeProvider.System);
        bus.TryAddSingleton<OutboxDirectory>();
        bus.TryAddSingleton<TenantGates>();
        bus.TryAddSingleton<RecordCapture>();
        bus.TryAddSingleton(provider => new OperatorAudit(
            provider.GetRequiredService<OutboxDirectory>(), provider.GetRequiredService<IWireFormat>(), provider.GetRequiredService<TimeProvider>()));
        bus.TryAddScoped<ScopedOutbox>();
        bus.TryAddScoped<SagaUnit>();
        bus.TryAddScoped<IScopedEndpointProviders>(provider => provider.GetRequiredService<ScopedOutbox>());
        bus.TryAddEnumerable(ServiceDescriptor.Singleton<ITransientFailureRule, PostgresFailures>());
        bus.TryAddEnumerable(ServiceDescriptor.Singleton<ITransientFailureRule, SqliteFailures>());
        bus.TryAddEnumerable(ServiceDescriptor.Singleton<ITransientFailureRule, EntityFrameworkFailures>());

        bus.AddSingleton(provider => new OutboxRegistration(
            typeof(TDbContext),
            configurator.ServiceName,
            configurator.ServiceVersion,
            configurator.IsBusOutbox,
            MaxBodyBytes(provider, TransactionalOutbox<TDbContext>.OptionsName)));
        bus.AddOutboxRelay<TDbContext>(options => configurator.Relay.ForEach(change => change(options)), configurator.RunRelay);
        bus.AddSingleton(provider => new InboxParts<TDbContext>(configurator.Provider, provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<TimeProvider>()));
        bus.AddSingleton(provider =>
        {
            var parts = provider.GetRequiredService<InboxParts<TDbContext>>();
            return new DeadLetterBox(
                typeof(TDbContext), configurator.ServiceName, parts.Tables, provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<OperatorAudit>(), provider.GetRequiredService<TimeProvider>(), parts.LetterRequested);
        });
        bus.AddSingleton(provider => new OutboxSetup<TDbContext>(
            provider.GetRequiredService<TransactionalOutbox<TDbContext>>(),
            provider.GetRequiredService<InboxParts<TDbContext>>(),
            provider.GetServices<SagaCheck>(),
            provider.GetServices<TableUpgrade>(),
            provider.GetRequiredService<IServiceScopeFactory>()));
        bus.AddHostedService(provider => ActivatorUtilities.CreateInstance<InboxRotation<TDbContext>>(provider, configurator.InboxRetention));
        bus.AddSingleton<IHostedService>(provider => new InboxRetentionCheck(typeof(TDbContext).Name, configurator.InboxRetention, provider));
        bus.AddSingleton<OutboxInterceptor<TDbContext>>();
        bus.ConfigureDbContext<TDbContext>((provider, options) =>
        {
            options.AddInterceptors(provider.GetRequiredService<OutboxInterceptor<TDbContext>>());
            if (configurator.Provider == OutboxProvider.Sqlite)
                options.AddInterceptors(SqliteDurableConnections.Instance);
        });
        bus.Replace(ServiceDescriptor.Scoped<IScopedBusContextProvider<IBus>, OutboxBusContextProvider<IBus>>());
    }

    /// <summary>The events that this process knows. Without it, the platform's fifteen.</summary>
    public static IServiceCollection AddSyncEvents(this IServiceCollection services, EventCatalogue catalogue)
    {
        services.TryAddSingleton(catalogue);
        services.TryAddSingleton<ScheduledTypes>();
        services.TryAddSingleton<IWireFormat>(provider => new ScheduledWireFormat(
            new SyncEventWireFormat(provider.GetRequiredService<EventCatalogue>()), provider.GetRequiredService<ScheduledTypes>()));
        return services;
    }

    /// <summary>
    /// Makes the endpoint's micro-batches transactions of <typeparamref name="TDbContext"/>: the inbox, what the consumers change
    /// and what they publish are committed together.
    /// </summary>
    public static void UseEntityFrameworkInbox<TDbContext>(this ITopicEndpointConfigurator endpoint)
        where TDbContext : DbContext =>
        endpoint.UseEntityFrameworkInbox<TDbContext>([]);

    internal static void UseEntityFrameworkInbox<TDbContext>(this ITopicEndpointConfigurator endpoint, IReadOnlyList<IPreload> preloads)
        where TDbContext : DbContext =>
        endpoint.UseInbox((provider, group) =>
        {
            var parts = provider.GetRequiredService<InboxParts<TDbContext>>();
            return new EntityFrameworkInbox<TDbContext>(
                group, parts.Store, parts.Letters, preloads, provider.GetRequiredService<OutboxSetup<TDbContext>>(), provider.GetRequiredService<IServiceScopeFactory>(), provider.GetService<Quarantine<TDbContext>>());
        });

    /// <summary>What this scope publishes goes to the outbox of <typeparamref name="TDbContext"/>.</summary>
    public static IServiceScope UseOutbox<TDbContext>(this IServiceScope scope)
        where TDbContext : DbContext
    {
        scope.ServiceProvider.GetRequiredService<ScopedOutbox>().Use(typeof(TDbContext));
        return scope;
    }

    private static int MaxBodyBytes(IServiceProvider provider, string optionsName)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<OutboxRelayOptions>>().Get(optionsName);
        var record = provider.GetService<Kafka.Embedded.VolatileLog>() is null ? options.MaxRecordBytes : options.VolatileMaxRecordBytes;

        // Room for key and headers.
        return record - 4096;
    }
}

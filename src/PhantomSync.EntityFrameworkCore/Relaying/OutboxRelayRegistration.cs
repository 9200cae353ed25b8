using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace PhantomSync.EntityFrameworkCore.Relaying;

internal static class OutboxRelayRegistration
{
    /// <summary>
    /// Registers the outbox of a context and, unless <paramref name="relay"/> is false, the service that empties it. Needs an
    /// <c>IRecordSender</c>; with a <c>VolatileLog</c> in the container events are kept until they are consumed.
    /// </summary>
    public static IServiceCollection AddOutboxRelay<TDbContext>(this IServiceCollection services, Action<OutboxRelayOptions>? configure = null, bool relay = true)
        where TDbContext : DbContext
    {
        services.AddOptions<OutboxRelayOptions>(TransactionalOutbox<TDbContext>.OptionsName)
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutboxRelayOptions>, OutboxRelayOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TransactionalOutbox<TDbContext>>();
        if (relay)
            services.AddHostedService<OutboxRelayService<TDbContext>>();
        return services;
    }
}

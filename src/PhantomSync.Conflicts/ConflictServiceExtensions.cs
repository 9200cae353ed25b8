using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PhantomSync.Conflicts.Queueing;
using PhantomSync.Conflicts.Rules;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Conflicts;

/// <summary>Adds conflict detection and resolution.</summary>
public static class ConflictServiceExtensions
{
    /// <summary>Adds <see cref="IConflictResolver"/>, and says how conflicts are decided. It may be called several times; later words count.</summary>
    public static IServiceCollection AddConflictResolution(this IServiceCollection services, Action<ConflictOptions>? configure = null)
    {
        if (configure is not null)
            services.Configure(configure);
        services.AddOptions<ConflictOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ConflictOptions>, ConflictOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new ConflictMetrics(provider.GetService<System.Diagnostics.Metrics.IMeterFactory>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConflictRule, TrainingServicePriorityRule>(_ => new TrainingServicePriorityRule()));
        services.TryAddScoped<ConflictAnnouncer>();
        services.TryAddScoped<ConflictResolver>();
        services.TryAddScoped<IConflictResolver>(provider => provider.GetRequiredService<ConflictResolver>());
        return services;
    }

    /// <summary>Adds a rule that strategies can name.</summary>
    public static IServiceCollection AddConflictRule<TRule>(this IServiceCollection services)
        where TRule : class, IConflictRule
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConflictRule, TRule>());
        return services;
    }

    /// <summary>Adds what writes the merged values of a kind of resource into it, for resolutions by people above all.</summary>
    public static IServiceCollection AddMergedResource<TResource>(this IServiceCollection services)
        where TResource : class, IMergedResource
    {
        services.TryAddEnumerable(ServiceDescriptor.Scoped<IMergedResource, TResource>());
        return services;
    }

    /// <summary>Adds the queue of the conflicts that <typeparamref name="TDbContext"/> keeps, and who looks after them.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="service">The name of the service that keeps them.</param>
    public static IServiceCollection AddConflictQueue<TDbContext>(this IServiceCollection services, string service)
        where TDbContext : DbContext
    {
        services.AddConflictResolution();
        services.AddSingleton(provider => new ConflictQueue(
            service, typeof(TDbContext), scope => scope.UseOutbox<TDbContext>(), provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostedService, ConflictWatch<TDbContext>>();
        return services;
    }
}

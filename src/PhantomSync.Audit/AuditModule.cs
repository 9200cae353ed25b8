using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PhantomSync.Audit.Indexing;
using PhantomSync.Audit.Reading;
using PhantomSync.Audit.Recording;
using PhantomSync.Audit.Search;
using PhantomSync.Audit.Sealing;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.Journeys;

namespace PhantomSync.Audit;

/// <summary>The audit trail's table of contents.</summary>
public static class AuditModule
{
    /// <summary>The consumer group that keeps the record of truth.</summary>
    public const string StoreGroup = "audit-store";

    /// <summary>The consumer group that makes it searchable; it may fall behind without holding the other up.</summary>
    public const string IndexGroup = "audit-index";

    /// <summary>Where copies of the signed heads go.</summary>
    public const string HeadsTopic = "phantom.audit-heads";

    /// <summary>Its consumers, one line each; the store comes with <see cref="AddAuditStore"/>.</summary>
    public static IRiderRegistrationConfigurator AddAudit(this IRiderRegistrationConfigurator rider) =>
        rider.AddService<AuditDbContext>(StoreGroup, service => service.Consumer<RecordAuditEntry>());

    /// <summary>The consumer of the index; that comes with <see cref="AddAuditIndexStore"/>.</summary>
    public static IRiderRegistrationConfigurator AddAuditIndex(this IRiderRegistrationConfigurator rider) =>
        rider.AddService<AuditIndexDbContext>(IndexGroup, service => service.Consumer<IndexAuditEntry>());

    /// <summary>The record of truth and its sealer.</summary>
    public static void AddAuditStore(
        this IBusRegistrationConfigurator bus, Action<DbContextOptionsBuilder> database, Action<EntityFrameworkOutboxConfigurator> outbox, Action<AuditOptions> options)
    {
        bus.AddAuditTrail(database, options);
        bus.AddHostedService<AuditSealer>();
        bus.AddEntityFrameworkOutbox<AuditDbContext>(configure =>
        {
            configure.ServiceName = StoreGroup;
            outbox(configure);
        });
    }

    /// <summary>The search index, and what its consumer remembers.</summary>
    /// <param name="elasticsearch">Null for SQLite's FTS5 in the database itself.</param>
    public static void AddAuditIndexStore(
        this IBusRegistrationConfigurator bus, Action<DbContextOptionsBuilder> database, Action<EntityFrameworkOutboxConfigurator> outbox, ElasticsearchOptions? elasticsearch)
    {
        bus.AddAuditSearch(database, elasticsearch);
        bus.AddEntityFrameworkOutbox<AuditIndexDbContext>(configure =>
        {
            configure.ServiceName = IndexGroup;
            outbox(configure);
        });
    }

    private static void AddAuditTrail(this IServiceCollection services, Action<DbContextOptionsBuilder> database, Action<AuditOptions> options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<AuditOptions>().Configure(options).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>();
        services.AddDbContext<AuditDbContext>(database);
        services.AddScoped<AuditLog>();
        services.AddScoped<IndexRebuild>();
        services.AddScoped<AuditVerifier>();
        services.AddScoped(provider => new AuditReader(
            provider.GetRequiredService<AuditDbContext>(),
            provider.GetRequiredService<AuditVerifier>,
            provider.GetService<IAuditSearch>(),
            provider.GetServices<IEventJourney>,
            provider.GetRequiredService<OperatorAudit>()));
        services.AddSingleton(provider => HeadSigner.Open(provider.GetRequiredService<IOptions<AuditOptions>>().Value.SigningKeyFile));
        services.AddSingleton(provider => new HeadsFile(provider.GetRequiredService<IOptions<AuditOptions>>().Value.HeadsFile));
    }

    private static void AddAuditSearch(this IServiceCollection services, Action<DbContextOptionsBuilder> database, ElasticsearchOptions? elasticsearch)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddDbContext<AuditIndexDbContext>(database);
        if (elasticsearch is null)
        {
            services.AddScoped<IAuditIndex, SqliteAuditIndex>();
        }
        else
        {
            services.AddSingleton<IAuditIndex>(provider =>
            {
                var time = provider.GetRequiredService<TimeProvider>();
                return new ElasticsearchAuditIndex(new ElasticsearchClient(elasticsearch, time), elasticsearch, time);
            });
        }

        services.AddScoped<IAuditSearch>(provider => (IAuditSearch)provider.GetRequiredService<IAuditIndex>());
    }
}

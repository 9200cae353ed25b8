using System.Data;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>What was configured for one saga, and the services that come of it.</summary>
internal sealed class SagaRepositoryOptions<TSaga> : ISagaRepositoryConfigurator<TSaga>, ISagaContextChoice
    where TSaga : class, ISaga
{
    private readonly Dictionary<Type, MissingInstancePolicy> _missing = [];
    private Action<IServiceCollection>? _register;

    public Type? DbContextType { get; private set; }

    public ConcurrencyMode ConcurrencyMode { get; set; } = ConcurrencyMode.Pessimistic;

    public IsolationLevel IsolationLevel { get; set; } = IsolationLevel.ReadCommitted;

    public bool RememberFinished { get; set; } = true;

    public MissingInstancePolicy MissingInstances { get; set; }

    public Func<IQueryable<TSaga>, IQueryable<TSaga>> Customize { get; private set; } = static query => query;

    public void MissingInstance<TEvent>(MissingInstancePolicy policy)
        where TEvent : class => _missing[typeof(TEvent)] = policy;

    public MissingInstancePolicy MissingOf(Type eventType) => _missing.TryGetValue(eventType, out var policy) ? policy : MissingInstances;

    public void CustomizeQuery(Func<IQueryable<TSaga>, IQueryable<TSaga>> customize) => Customize = customize;

    public void ExistingDbContext<TDbContext>()
        where TDbContext : DbContext
    {
        DbContextType = typeof(TDbContext);
        _register = static services =>
        {
            if (typeof(TSaga).IsAssignableTo(typeof(SagaStateMachineInstance)))
                services.AddSingleton(typeof(IEventObserver<>).MakeGenericType(typeof(TSaga)), typeof(TransitionObserver<>).MakeGenericType(typeof(TSaga)));
            services.TryAddSingleton<SagaStore<TDbContext>>();
            services.TryAddScoped<SagaInstances<TSaga>>();
            services.RegisterSagaRepository<TSaga, DbContext, SagaConsumeContextFactory<DbContext, TSaga>, SagaRepository<TSaga, TDbContext>>();
            services.RegisterLoadSagaRepository<TSaga, SagaRepository<TSaga, TDbContext>>();
            services.RegisterQuerySagaRepository<TSaga, SagaRepository<TSaga, TDbContext>>();
            services.AddSingleton<SagaCheck>(provider => new SagaCheck<TSaga, TDbContext>(provider.GetRequiredService<SagaRepositoryOptions<TSaga>>()));
        };
    }

    public void AddDbContext<TDbContext>(Action<DbContextOptionsBuilder> configure)
        where TDbContext : DbContext
    {
        ExistingDbContext<TDbContext>();
        _register += services => services.AddDbContext<TDbContext>(configure);
    }

    public ISagaRepositoryConfigurator<TSaga> UsePostgres() => this;

    public ISagaRepositoryConfigurator<TSaga> UseSqlite() => this;

    /// <exception cref="ConfigurationException">No context was named.</exception>
    public void Register(IServiceCollection services)
    {
        if (_register is null)
            throw new ConfigurationException($"EntityFrameworkRepository of {typeof(TSaga).Name}: name the context that maps it: r.ExistingDbContext<TDbContext>().");
        services.AddSingleton(this);
        _register(services);
    }
}

using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PhantomSync.EntityFrameworkCore.Preloading;
using PhantomSync.EntityFrameworkCore.Sagas;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>A service's consumers, one line each.</summary>
public sealed class ServiceEndpointConfigurator
{
    private readonly IRiderRegistrationConfigurator _rider;
    private readonly Action<ISagaContextChoice>? _sagaContext;
    private readonly List<Action<IRiderRegistrationContext, ITopicEndpointConfigurator>> _configure = [];

    /// <param name="rider">Takes the registrations.</param>
    /// <param name="sagaContext">Names the context that keeps the service's sagas; null where the service has none.</param>
    internal ServiceEndpointConfigurator(IRiderRegistrationConfigurator rider, Action<ISagaContextChoice>? sagaContext) =>
        (_rider, _sagaContext) = (rider, sagaContext);

    internal List<IPreload> Preloads { get; } = [];

    /// <summary>
    /// Adds a consumer: an <c>IConsumer&lt;T&gt;</c> of single events, or an <c>IConsumer&lt;Batch&lt;T&gt;&gt;</c> of whole
    /// micro-batches. The topics follow from the events it takes.
    /// </summary>
    public ServiceEndpointConfigurator Consumer<TConsumer>()
        where TConsumer : class, IConsumer
    {
        if (IsBulk(typeof(TConsumer)))
        {
            _rider.TryAddScoped<TConsumer>();
            _configure.Add((_, endpoint) => endpoint.BulkConsumer<TConsumer>());
        }
        else
        {
            _rider.AddConsumer<TConsumer>();
            _configure.Add((context, endpoint) => endpoint.ConfigureConsumer<TConsumer>(context));
        }

        return this;
    }

    /// <summary>
    /// Adds a saga: its state machine's events are handled here, and its instances are kept in the service's context, which must
    /// map them (<c>modelBuilder.AddSaga&lt;TSaga>()</c>).
    /// </summary>
    /// <exception cref="ConfigurationException">The service has no context.</exception>
    public ServiceEndpointConfigurator Saga<TMachine, TSaga>(Action<SagaServiceConfigurator<TSaga>>? configure = null)
        where TMachine : class, SagaStateMachine<TSaga>
        where TSaga : class, SagaStateMachineInstance
    {
        if (_sagaContext is null)
            throw new ConfigurationException($"A service without a DbContext cannot keep {typeof(TSaga).Name}. Use AddService<TDbContext>(…).");
        var saga = new SagaServiceConfigurator<TSaga>();
        configure?.Invoke(saga);
        _rider.AddSagaStateMachine<TMachine, TSaga>((context, configurator) => saga.Saga.ForEach(action => action(context, configurator)))
            .EntityFrameworkRepository(repository =>
            {
                _sagaContext((ISagaContextChoice)repository);
                saga.Repository.ForEach(action => action(repository));
            });
        _configure.Add((context, endpoint) => endpoint.ConfigureSaga<TSaga>(context));
        return this;
    }

    /// <summary>Changes how the service reads: batch size, retries, what happens to unknown events.</summary>
    public ServiceEndpointConfigurator Options(Action<TopicEndpointOptions> configure)
    {
        _configure.Add((_, endpoint) => configure(endpoint.Options));
        return this;
    }

    /// <summary>How many records are handled at once, at most; the default suits consumers of single events.</summary>
    public ServiceEndpointConfigurator BatchLimit(int records) => Options(options => options.BatchLimit = records);

    /// <summary>
    /// Tells which failures of the service's own store pass by themselves: true, the records wait; false, they go to the dead
    /// letters; null, not a failure of that store.
    /// </summary>
    public ServiceEndpointConfigurator TransientFailures(Func<Exception, bool?> rule)
    {
        _rider.AddSingleton<ITransientFailureRule>(new ServiceFailures(rule));
        return this;
    }

    /// <summary>
    /// Looks for the rows of a whole micro-batch with one query: the handlers' <c>FindAsync</c> costs no round trip then, whether
    /// or not there is a row. They see the rows as they were when the batch began. Rows that a handler writes past the context
    /// and then looks for with it are not found; a context that saves in the middle of a batch looks for itself from then on.
    /// </summary>
    /// <param name="key">The primary key that handlers will look for on account of a message, as <c>FindAsync</c> takes it.</param>
    /// <example><code>service.Consumer&lt;RaiseAlarm&gt;().Preload&lt;DriftDetected, Alarm&gt;(drift => [drift.TenantId, drift.ModelId])</code></example>
    public ServiceEndpointConfigurator Preload<TMessage, TEntity>(Func<TMessage, object?[]> key)
        where TMessage : class
        where TEntity : class
    {
        Preloads.Add(new Preload<TMessage, TEntity>(key));
        return this;
    }

    /// <summary>Anything else that MassTransit offers for an endpoint.</summary>
    public ServiceEndpointConfigurator Endpoint(Action<IRiderRegistrationContext, ITopicEndpointConfigurator> configure)
    {
        _configure.Add(configure);
        return this;
    }

    internal void Apply(IRiderRegistrationContext context, ITopicEndpointConfigurator endpoint) => _configure.ForEach(configure => configure(context, endpoint));

    private static bool IsBulk(Type consumer) => consumer.GetInterfaces().Any(type =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConsumer<>)
        && type.GenericTypeArguments[0] is { IsGenericType: true } message && message.GetGenericTypeDefinition() == typeof(Batch<>));
}

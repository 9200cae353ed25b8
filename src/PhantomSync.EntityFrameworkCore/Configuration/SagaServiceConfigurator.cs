using MassTransit;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>A saga of a service.</summary>
/// <typeparam name="TSaga">The saga's state.</typeparam>
public sealed class SagaServiceConfigurator<TSaga>
    where TSaga : class, ISaga
{
    internal List<Action<ISagaRepositoryConfigurator<TSaga>>> Repository { get; } = [];

    internal List<Action<IRegistrationContext, ISagaConfigurator<TSaga>>> Saga { get; } = [];

    /// <summary>Changes how the instances are kept. The context is the service's.</summary>
    public SagaServiceConfigurator<TSaga> EntityFrameworkRepository(Action<ISagaRepositoryConfigurator<TSaga>> configure)
    {
        Repository.Add(configure);
        return this;
    }

    /// <summary>Anything else that MassTransit offers for a saga: filters, say.</summary>
    public SagaServiceConfigurator<TSaga> Configure(Action<IRegistrationContext, ISagaConfigurator<TSaga>> configure)
    {
        Saga.Add(configure);
        return this;
    }
}

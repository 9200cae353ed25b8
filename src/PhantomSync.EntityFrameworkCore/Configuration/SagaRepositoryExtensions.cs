using MassTransit;
using PhantomSync.EntityFrameworkCore.Sagas;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Keeps sagas in a context that has an outbox.</summary>
public static class SagaRepositoryExtensions
{
    /// <summary>
    /// Keeps the saga's instances in a context: <c>.EntityFrameworkRepository(r => r.ExistingDbContext&lt;OrdersDbContext>())</c>.
    /// In an endpoint of that context instance, inbox and published messages are one transaction.
    /// </summary>
    /// <exception cref="ConfigurationException">No context was named.</exception>
    public static ISagaRegistrationConfigurator<TSaga> EntityFrameworkRepository<TSaga>(
        this ISagaRegistrationConfigurator<TSaga> saga, Action<ISagaRepositoryConfigurator<TSaga>> configure)
        where TSaga : class, ISaga
    {
        var options = new SagaRepositoryOptions<TSaga>();
        configure(options);
        saga.Repository(services => options.Register(services));
        return saga;
    }
}

using MassTransit;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>How a test's shop is composed, where it is not as usual.</summary>
internal sealed class ShopPlan
{
    public int Partitions { get; set; } = 1;

    /// <summary>Null for a mock cluster that lives and ends with the bed.</summary>
    public MockCluster? Cluster { get; set; }

    public ConcurrencyMode Mode { get; set; } = ConcurrencyMode.Pessimistic;

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public bool RunRelay { get; set; } = true;

    public Action<ServiceEndpointConfigurator> Service { get; set; } = static _ => { };

    public Action<ISagaRepositoryConfigurator<OrderState>> Repository { get; set; } = static _ => { };

    public Action<IRiderRegistrationConfigurator> Rider { get; set; } = static _ => { };

    public Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> Kafka { get; set; } = static (_, _) => { };

    /// <summary>Whether the shop's own saga runs.</summary>
    public bool Orders { get; set; } = true;
}

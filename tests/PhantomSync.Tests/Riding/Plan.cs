using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.Tests.Riding;

/// <summary>How a test's host is composed, where it is not as usual.</summary>
internal sealed class Plan
{
    public string Group { get; set; } = "ledger";

    public int Partitions { get; set; } = 1;

    /// <summary>Null for a mock cluster that lives and ends with the bed.</summary>
    public MockCluster? Cluster { get; set; }

    public EmbeddedBroker? Embedded { get; set; }

    public VolatileLog? VolatileLog { get; set; }

    public Action<ServiceEndpointConfigurator> Service { get; set; } = static service => service.Consumer<ApplyModel>();

    public Action<EntityFrameworkOutboxConfigurator> Outbox { get; set; } = static outbox => outbox.UseBusOutbox();

    public Action<IBusRegistrationConfigurator> Bus { get; set; } = static _ => { };

    public Action<IRiderRegistrationConfigurator> Rider { get; set; } = static _ => { };

    public Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> Kafka { get; set; } = static (_, _) => { };

    public Action<IServiceCollection> Services { get; set; } = static _ => { };

    public bool Consume { get; set; } = true;
}

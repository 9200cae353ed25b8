using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore.Sagas;
using PhantomSync.EntityFrameworkCore.Scheduling;
using PhantomSync.Kafka.Riding;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>What an endpoint needs for sagas and for scheduling.</summary>
internal static class SagaEndpointExtensions
{
    public static void UseSagas(this ITopicEndpointConfigurator endpoint, IRegistrationContext context, string service)
    {
        endpoint.AddPipeSpecification(new OutboxSchedulerSpecification(service, context.GetRequiredService<TimeProvider>()));
        endpoint.ConnectSagaConfigurationObserver(new SagaEndpointObserver(
            service, endpoint, context.GetRequiredService<IWireFormat>(), context.GetRequiredService<ScheduledTypes>()));
    }
}

using MassTransit;
using PhantomSync.EntityFrameworkCore.Scheduling;
using PhantomSync.Kafka.Riding;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>Fits an endpoint to the state machines that are configured on it.</summary>
internal sealed class SagaEndpointObserver(string service, ITopicEndpointConfigurator endpoint, IWireFormat format, ScheduledTypes scheduled) : ISagaConfigurationObserver
{
    private readonly HashSet<Type> _prepared = [];

    public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
        where TSaga : class, ISaga
    {
    }

    public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
        where TInstance : class, ISaga, SagaStateMachineInstance
    {
        if (!_prepared.Add(typeof(TInstance)))
            return;

        // What the machine takes and nobody else can send it: its own timeouts and those of its requests.
        foreach (var own in stateMachine.Correlations.Select(correlation => correlation.DataType).Where(type => !format.TryGet(type, out _)))
        {
            scheduled.Add(service, own);
            endpoint.Topics(ScheduledTypes.TopicOf(service));
        }

        endpoint.BeforeBatch(new SagaPreload<TInstance>(stateMachine));
    }

    public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
        where TSaga : class, ISaga
        where TMessage : class
    {
    }
}

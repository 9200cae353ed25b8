using MassTransit;

namespace PhantomSync.Kafka.Riding;

/// <summary>Puts <see cref="ConsumerTurns"/> before every consumer, saga and handler of an endpoint, as they are configured.</summary>
internal sealed class ConsumerTurnObserver : IConsumerConfigurationObserver, ISagaConfigurationObserver, IHandlerConfigurationObserver
{
    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class
    {
    }

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class => TakeTurns<TMessage>(configurator);

    public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
        where TSaga : class, ISaga
    {
    }

    public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
        where TInstance : class, ISaga, SagaStateMachineInstance
    {
    }

    public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
        where TSaga : class, ISaga
        where TMessage : class => TakeTurns<TMessage>(configurator);

    public void HandlerConfigured<TMessage>(IHandlerConfigurator<TMessage> configurator)
        where TMessage : class => TakeTurns<TMessage>(configurator);

    /// <param name="configurator">Configures also what comes before the consumer is made and the saga read, though its interface does not say so.</param>
    private static void TakeTurns<TMessage>(object configurator)
        where TMessage : class => ((IPipeConfigurator<ConsumeContext<TMessage>>)configurator).UseFilter(new TurnFilter<TMessage>());

    private sealed class TurnFilter<TMessage> : IFilter<ConsumeContext<TMessage>>
        where TMessage : class
    {
        public Task Send(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next) =>
            ((KafkaReceiveContext)context.ReceiveContext).Turns.TakeAsync(() => next.Send(context));

        public void Probe(ProbeContext context) => context.CreateFilterScope("consumerTurns");
    }
}

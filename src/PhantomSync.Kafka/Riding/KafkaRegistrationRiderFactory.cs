using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Health;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Riding;

internal sealed class KafkaRegistrationRiderFactory(KafkaSettings settings, Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure) : IRegistrationRiderFactory<IKafkaRider>
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context)
    {
        settings.Format ??= context.GetService<IWireFormat>();
        if (context.GetService<EmbeddedBroker>() is { } embedded)
            settings.Use(embedded, context.GetRequiredService<VolatileLog>());
        if (context.GetService<KafkaHealthOptions>() is { } health)
            settings.ExtraTopics.Add(health.Topic);
        var configurator = new KafkaFactoryConfigurator(context, settings);
        configure(context, configurator);
        return configurator;
    }
}

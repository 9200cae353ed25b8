using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Health;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Kafka.Riding;

/// <summary>Adds Kafka to a bus.</summary>
public static class KafkaRiderExtensions
{
    /// <summary>
    /// Runs Kafka beside the bus: <c>x.AddRider(rider => rider.UsingKafka((context, k) => { k.Host("localhost:9092"); … }))</c>.
    /// </summary>
    public static void UsingKafka(this IRiderRegistrationConfigurator rider, Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure)
    {
        var settings = new KafkaSettings();
        rider.SetRiderFactory(new KafkaRegistrationRiderFactory(settings, configure));
        rider.TryAddSingleton(TimeProvider.System);
        rider.TryAddSingleton<FailureClassifier>();
        rider.TryAddSingleton<EndpointDirectory>();
        rider.AddSingleton(_ => settings);
        rider.AddSingleton<IRecordSender>(provider => Configured(provider, settings).Sender);
        rider.AddSingleton(provider => Configured(provider, settings).Connection);
        rider.AddSingleton(provider => Configured(provider, settings).TopicDefaults);
        rider.AddSingleton(provider => new ConsumerLag(Configured(provider, settings), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ConsumerLag>>()));
        rider.AddSingleton<IHostedService>(provider => provider.GetRequiredService<ConsumerLag>());
        rider.TryAddScoped(typeof(ITopicProducer<>), typeof(TopicProducer<>));
    }

    /// <summary>Makes the broker in a child process the one that the rider and the outboxes of this container use.</summary>
    public static IServiceCollection AddEmbeddedBroker(this IServiceCollection services, EmbeddedBroker broker, VolatileLog log) =>
        services.AddSingleton(broker).AddSingleton(log);

    /// <summary>The bus is built first: that is what runs the user's configuration.</summary>
    private static KafkaSettings Configured(IServiceProvider provider, KafkaSettings settings)
    {
        provider.GetRequiredService<IBusInstance>();
        return settings;
    }
}

using System.Diagnostics.Metrics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Health;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Riding;
using PhantomSync.Tests.Analytics;
using PhantomSync.Tests.Relaying;

namespace PhantomSync.Tests.Kafka;

/// <summary>How far a group is behind is told by the brokers, whether or not anybody reads.</summary>
public sealed class ConsumerLagTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, -1001, 10, 10)]
    [InlineData(4, -1001, 10, 6)]
    [InlineData(4, 2, 10, 6)]
    [InlineData(0, 7, 10, 3)]
    [InlineData(0, 10, 10, 0)]
    [InlineData(0, 12, 10, 0)]
    public void What_is_not_committed_is_behind_as_far_as_it_is_still_there(long start, long committed, long end, long behind) =>
        ConsumerLag.Behind(start, new Confluent.Kafka.Offset(committed), end).ShouldBe(behind);

    [Fact, Trait("row", "S14.14")]
    public async Task A_group_that_cannot_go_on_is_told_with_its_topic_and_its_name()
    {
        using var cluster = new MockCluster();
        foreach (var topic in EventCatalogue.Platform.Topics.Append(DeadLetterRecord.Topic))
            cluster.CreateTopic(topic, 3);
        var group = $"stuck-{Guid.NewGuid():N}";
        var stuck = new Gate();
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging();
        builder.Services.AddSingleton(stuck);
        builder.Services.AddSyncEvents(EventCatalogue.Platform);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddService(group, service => service.Consumer<WaitAtTheGate>());
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host(cluster.BootstrapServers);
                    kafka.Client.VolatileProfile = true;
                    kafka.TopicDefaults.Create = false;
                    kafka.LagInterval = TimeSpan.FromMilliseconds(50);
                    kafka.ConfigureServices(context);
                });
            });
        });
        using var host = builder.Build();
        var told = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = Listen(group, told);
        await host.StartAsync(Cancellation);
        await using var sender = new KafkaRecordSender(cluster.Connect());
        foreach (var inference in Enumerable.Range(0, 30).Select(i => Metrics.Inference(i, Metrics.Start)))
        {
            var descriptor = EventCatalogue.Platform.Describe(inference);
            var delivery = await sender.SendAsync(new OutgoingRecord(descriptor.Topic, System.Text.Encoding.UTF8.GetBytes(descriptor.KeyOf(inference)), EventCatalogue.Platform.Write(inference), null));
            delivery.Outcome.ShouldBe(DeliveryOutcome.Stored);
        }

        await Wait.ForAsync(() => Told() == 30);
        stuck.Open();
        await Wait.ForAsync(() => Told() == 0);
        await host.StopAsync(Cancellation);

        long? Told()
        {
            told.Clear();
            listener.RecordObservableInstruments();
            return told.TryGetValue("phantom.inference", out var records) ? records : null;
        }
    }

    private static MeterListener Listen(string group, Dictionary<string, long> told)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "phantomsync.consumer.lag")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, records, tags, _) =>
        {
            if (tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value) is var named && named["messaging.consumer.group.name"] as string == group)
                told[(string)named["messaging.destination.name"]!] = records;
        });
        listener.Start();
        return listener;
    }

    private sealed class Gate
    {
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Opened => _opened.Task;

        public void Open() => _opened.SetResult();
    }

    private sealed class WaitAtTheGate(Gate gate) : IConsumer<Batch<InferenceCompleted>>
    {
        public Task Consume(ConsumeContext<Batch<InferenceCompleted>> context) => gate.Opened.WaitAsync(context.CancellationToken);
    }
}

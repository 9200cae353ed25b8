using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Topics;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Riding;

/// <summary>Starts the topic endpoints after their topics are there, and stops them.</summary>
internal sealed partial class KafkaRider(
    IRiderRegistrationContext context,
    KafkaSettings settings,
    ReceiveEndpointCollection endpoints,
    IReadOnlySet<string> topics,
    TaskCompletionSource provisioned) : IKafkaRider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly string Version = System.Reflection.Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3) ?? "0.0.0";

    private readonly ILogger _logger = context.GetRequiredService<ILoggerFactory>().CreateLogger<KafkaRider>();
    private readonly TimeProvider _time = context.GetService<TimeProvider>() ?? TimeProvider.System;

    public IWireFormat Format => settings.Format!;

    public async Task ProduceAsync(object message, MessageEnvelope? cause = null, CancellationToken cancellationToken = default)
    {
        var outgoing = Format.Write(message, new WriteContext(cause, settings.Client.Service, Version, _time));
        var record = new OutgoingRecord(outgoing.Type.Topic, outgoing.Key is null ? null : System.Text.Encoding.UTF8.GetBytes(outgoing.Key), outgoing.Body, WireHeaders.Of(outgoing));
        var delivery = await settings.Sender.SendAsync(record).WaitAsync(cancellationToken);
        if (delivery.Outcome != DeliveryOutcome.Stored)
            throw new ProduceFailedException($"{outgoing.Type.Name} {outgoing.Envelope.MessageId} was not stored in topic '{outgoing.Type.Topic}': {delivery.Reason}", delivery.Outcome);
    }

    public RiderHandle Start(CancellationToken cancellationToken = default)
    {
        var stopping = new CancellationTokenSource();
        var provisioning = ProvisionAsync(stopping.Token);
        var started = endpoints.StartEndpoints(cancellationToken);
        return new Handle(endpoints, started, provisioning, stopping);
    }

    public IEnumerable<EndpointHealthResult> CheckEndpointHealth() => endpoints.CheckEndpointHealth();

    private async Task ProvisionAsync(CancellationToken cancellationToken)
    {
        if (settings.TopicDefaults.Create)
        {
            var all = Format.Messages.Select(message => message.Topic).Concat(topics).Append(Consuming.DeadLetterRecord.Topic).Concat(settings.ExtraTopics).Concat(settings.TopicDefaults.Also).Distinct(StringComparer.Ordinal).ToArray();
            for (var pause = TimeSpan.FromMilliseconds(200); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    await EnsureAsync(all, cancellationToken);
                    break;
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception exception)
                {
                    LogWaiting(settings.Connection.Address.BootstrapServers, pause.TotalSeconds, exception.Message);
                }

                try
                {
                    await Task.Delay(pause, _time, cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }

        provisioned.TrySetResult();
    }

    private async Task EnsureAsync(string[] names, CancellationToken cancellationToken)
    {
        var defaults = settings.TopicDefaults;
        var wanted = names.Select(name => new TopicSpec
        {
            Name = name,
            Partitions = defaults.Partitions,
            ReplicationFactor = defaults.ReplicationFactor ?? -1,
            Retention = defaults.Retention,
        });
        foreach (var report in await new TopicProvisioner(settings.Connection, settings.Embedded, _time).EnsureAsync([.. wanted], cancellationToken))
        {
            if (report.Status is not (TopicStatus.Created or TopicStatus.Exists))
                LogTopic(report.Topic, report.Status, report.Remark);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Topic '{Topic}' is {Status}: {Details}")]
    private partial void LogTopic(string topic, TopicStatus status, string? details);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Topics on {BootstrapServers} cannot be checked yet, next try in {Pause:F1} s: {Reason}")]
    private partial void LogWaiting(string bootstrapServers, double pause, string reason);

    private sealed class Handle(ReceiveEndpointCollection endpoints, HostReceiveEndpointHandle[] started, Task provisioning, CancellationTokenSource stopping) : RiderHandle
    {
        public Task Ready => Task.WhenAll(started.Select(endpoint => (Task)endpoint.Ready));

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await stopping.CancelAsync();
            await provisioning;
            await endpoints.StopEndpoints(cancellationToken);
            stopping.Dispose();
        }
    }
}

using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.Kafka.Health;

/// <summary>
/// Asks the brokers now and then how far the consumer groups of this process are behind, whoever reads their partitions and whether
/// anybody does. While the brokers do not answer, what they said last stands. The embedded broker is not asked: its log is known
/// here, and one that was frozen with such a request in hand has been seen to listen no more. Thread-safe.
/// </summary>
/// <remarks>
/// Positions are read with a consumer per group that never joins it. The admin client's ListConsumerGroupOffsets ends the process
/// (librdkafka 2.16: assertion in <c>rd_kafka_enq_once_del_source_return</c>) when its time is up before a coordinator is
/// found and the brokers come back afterwards.
/// </remarks>
public sealed partial class ConsumerLag : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Meter _meter = new("PhantomSync.Kafka");
    private readonly KafkaSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<ConsumerLag> _logger;
    private IReadOnlyList<GroupLag> _current = [];

    internal ConsumerLag(KafkaSettings settings, TimeProvider time, ILogger<ConsumerLag> logger)
    {
        (_settings, _time, _logger) = (settings, time, logger);
        _meter.CreateObservableGauge(
            "phantomsync.consumer.lag",
            () => Current.Select(lag => new Measurement<long>(
                lag.Records, new KeyValuePair<string, object?>("messaging.consumer.group.name", lag.Group), new KeyValuePair<string, object?>("messaging.destination.name", lag.Topic))),
            "{record}",
            "Records that a consumer group has not handled yet.");
    }

    /// <summary>What the brokers said last; empty before they first did.</summary>
    public IReadOnlyList<GroupLag> Current => _settings.VolatileLog?.Lag() ?? Volatile.Read(ref _current);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_settings.VolatileLog is not null)
            return;
        LagClients? clients = null;
        try
        {
            while (true)
            {
                await Task.Delay(_settings.LagInterval, _time, stoppingToken);
                try
                {
                    if (clients?.Brokers != _settings.Connection.Address.BootstrapServers)
                    {
                        clients?.Dispose();
                        clients = new LagClients(_settings.Connection, _settings.Groups.Keys);
                    }

                    Volatile.Write(ref _current, await AskAsync(clients));
                }
                catch (KafkaException exception)
                {
                    LogUnknown(exception.Error.Reason);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            clients?.Dispose();
        }
    }

    private async Task<IReadOnlyList<GroupLag>> AskAsync(LagClients clients)
    {
        var topics = _settings.Groups.Values.SelectMany(names => names).ToHashSet(StringComparer.Ordinal);
        var metadata = await Task.Run(() => clients.Admin.GetMetadata(Patience));
        var partitions = metadata.Topics.Where(topic => topics.Contains(topic.Topic))
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId))).ToArray();
        if (partitions.Length == 0)
            return [];
        var ends = await OffsetsAsync(clients.Admin, partitions, OffsetSpec.Latest());
        var starts = await OffsetsAsync(clients.Admin, partitions, OffsetSpec.Earliest());
        var lags = new List<GroupLag>();
        foreach (var (group, names) in _settings.Groups)
        {
            var its = partitions.Where(partition => names.Contains(partition.Topic)).ToList();
            var committed = await Task.Run(() => clients.Of(group).Committed(its, Patience));
            lags.AddRange(committed.GroupBy(partition => partition.Topic, StringComparer.Ordinal).Select(topic => new GroupLag(
                group, topic.Key, topic.Sum(at => Behind(starts[at.TopicPartition], at.Offset, ends[at.TopicPartition])))));
        }

        return lags;
    }

    private static async Task<Dictionary<TopicPartition, long>> OffsetsAsync(IAdminClient admin, TopicPartition[] partitions, OffsetSpec which)
    {
        var answer = await admin.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = which }), new ListOffsetsOptions { RequestTimeout = Patience });
        return answer.ResultInfos.ToDictionary(info => info.TopicPartitionOffsetError.TopicPartition, info => info.TopicPartitionOffsetError.Offset.Value);
    }

    /// <summary>A group that has committed nothing has everything that is there before it.</summary>
    internal static long Behind(long start, Offset committed, long end) => Math.Max(0, end - Math.Max(start, committed.IsSpecial ? start : committed.Value));

    [LoggerMessage(Level = LogLevel.Information, Message = "How far the consumer groups are behind is not known right now: {Reason}")]
    private partial void LogUnknown(string reason);
}

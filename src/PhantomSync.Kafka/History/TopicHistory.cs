using Confluent.Kafka;
using PhantomSync.Kafka.Connecting;

namespace PhantomSync.Kafka.History;

/// <summary>
/// Reads what topics still hold, from its beginning to its end, and how far a group has handled it. It joins no group and moves no
/// position. Its methods block. Not thread-safe.
/// </summary>
public sealed class TopicHistory : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly KafkaConnection _connection;
    private readonly string[] _topics;
    private readonly string _brokers;
    private readonly IAdminClient _admin;
    private readonly IConsumer<byte[], byte[]> _group;

    /// <param name="connection">To the brokers.</param>
    /// <param name="group">The group whose positions count.</param>
    /// <param name="topics">What to read.</param>
    public TopicHistory(KafkaConnection connection, string group, IEnumerable<string> topics)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        _topics = [.. topics];
        _brokers = connection.Address.BootstrapServers;
        _admin = connection.BuildAdmin();
        _group = connection.ConsumerBuilder(connection.Consumer(group)).SetErrorHandler(static (_, _) => { }).Build();
    }

    /// <summary>What the partitions hold now.</summary>
    /// <exception cref="HistoryUnavailableException">The brokers do not answer, or have no such topic.</exception>
    public IReadOnlyList<PartitionExtent> Measure() => Asking(() =>
    {
        var metadata = _admin.GetMetadata(Patience);
        var partitions = new List<TopicPartition>();
        foreach (var topic in _topics)
        {
            var found = metadata.Topics.Find(one => one.Topic == topic && one.Partitions.Count > 0)
                ?? throw new HistoryUnavailableException($"Topic '{topic}' does not exist on {_brokers}. Give the brokers that the services use.");
            partitions.AddRange(found.Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId)));
        }

        // First the positions: a record before one of them is handled, whatever happens next.
        var handled = _group.Committed(partitions, Patience).ToDictionary(at => at.TopicPartition, at => at.Offset);
        return partitions.ConvertAll(partition => ExtentOf(partition, handled[partition]));
    });

    /// <summary>The records from each extent's start up to its end, in order per partition.</summary>
    /// <exception cref="HistoryUnavailableException">The brokers do not answer, or have removed records meanwhile.</exception>
    public IEnumerable<HistoryRecord> Read(IEnumerable<PartitionExtent> extents, CancellationToken cancellationToken)
    {
        var open = extents.Where(extent => extent.Start < extent.End).ToDictionary(extent => new TopicPartition(extent.Topic, extent.Partition));
        using var reader = Reader(open.Select(extent => new TopicPartitionOffset(extent.Key, extent.Value.Start)));
        while (open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = Asking(() => reader.Consume(Patience))
                ?? throw new HistoryUnavailableException($"{_brokers} sent nothing for {Patience.TotalSeconds:F0} s, with {open.Count} partitions to read. Try again when they answer.");
            if (!open.TryGetValue(result.TopicPartition, out var extent))
                continue;
            if (!result.IsPartitionEOF && result.Offset.Value < extent.End)
                yield return new HistoryRecord(extent, result.Offset.Value, result.Message.Value);
            if (result.IsPartitionEOF || result.Offset.Value + 1 >= extent.End)
            {
                open.Remove(result.TopicPartition);
                reader.IncrementalUnassign([result.TopicPartition]);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _admin.Dispose();
        _group.Dispose();
    }

    private PartitionExtent ExtentOf(TopicPartition partition, Offset handled)
    {
        var kept = _group.QueryWatermarkOffsets(partition, Patience);
        return new PartitionExtent(
            partition.Topic,
            partition.Partition.Value,
            kept.Low.Value,
            handled.IsSpecial ? kept.Low.Value : handled.Value,
            kept.High.Value,
            kept.Low.Value > 0 && kept.Low < kept.High ? SentAt(new TopicPartitionOffset(partition, kept.Low)) : null);
    }

    private DateTimeOffset? SentAt(TopicPartitionOffset first)
    {
        using var reader = Reader([first]);
        return reader.Consume(Patience) is { IsPartitionEOF: false, Message.Timestamp: { Type: not TimestampType.NotAvailable } sent }
            ? new DateTimeOffset(sent.UtcDateTime)
            : null;
    }

    private IConsumer<byte[], byte[]> Reader(IEnumerable<TopicPartitionOffset> from)
    {
        var config = _connection.Consumer(group: null);
        config.EnablePartitionEof = true;

        // What the brokers remove in the meantime must not be passed over in silence.
        config.AutoOffsetReset = AutoOffsetReset.Error;
        var reader = _connection.ConsumerBuilder(config).SetErrorHandler(static (_, _) => { }).Build();
        reader.Assign(from);
        return reader;
    }

    private T Asking<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (KafkaException exception) when (exception.Error.Code == ErrorCode.OffsetOutOfRange)
        {
            throw new HistoryUnavailableException($"{_brokers} removed records while they were being read ({exception.Error.Reason}). Run it again.", exception);
        }
        catch (KafkaException exception)
        {
            throw new HistoryUnavailableException($"{_brokers}: {exception.Error.Reason}. Check that these are the brokers and that they run.", exception);
        }
    }
}

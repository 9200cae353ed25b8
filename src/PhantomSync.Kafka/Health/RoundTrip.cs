using Confluent.Kafka;
using PhantomSync.Kafka.Connecting;

namespace PhantomSync.Kafka.Health;

/// <summary>A producer and a consumer of the private topic, kept for many trials.</summary>
internal sealed class RoundTrip : IDisposable
{
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly TopicPartition _partition;

    public RoundTrip(KafkaConnection connection, string topic)
    {
        _partition = new TopicPartition(topic, 0);
        _producer = connection.BuildProducer();
        var config = connection.Consumer(group: null);
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        _consumer = connection.ConsumerBuilder(config).SetErrorHandler(static (_, _) => { }).Build();
    }

    /// <summary>Sends a record and reads it back; blocks.</summary>
    /// <returns>Why it failed; null if the record came back.</returns>
    public string? Try(TimeSpan deadline, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var mark = Guid.CreateVersion7().ToByteArray();
        try
        {
            if (Produce(mark, deadline, cancellation) is not { } report)
                return $"no broker stored a record within {deadline.TotalSeconds:0.#} s";
            if (report.Error.IsError)
                return $"no broker stores a record: {report.Error.Reason}";

            // Without an offset it may have been stored anywhere; the mark tells it from the others.
            _consumer.Assign(new TopicPartitionOffset(_partition, report.Offset.Value >= 0 ? report.Offset : Offset.Beginning));
            while (time.GetElapsedTime(start) is var elapsed && elapsed < deadline)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_consumer.Consume(deadline - elapsed) is { } result && result.Message.Value.AsSpan().SequenceEqual(mark))
                    return null;
            }

            return $"a record was stored but did not come back within {deadline.TotalSeconds:0.#} s";
        }
        catch (KafkaException failure)
        {
            return failure.Error.Reason;
        }
        finally
        {
            _consumer.Unassign();
        }
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
        _producer.Dispose();
    }

    private DeliveryReport<byte[], byte[]>? Produce(byte[] mark, TimeSpan deadline, CancellationToken cancellation)
    {
        var reported = new TaskCompletionSource<DeliveryReport<byte[], byte[]>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _producer.Produce(_partition, new Message<byte[], byte[]> { Value = mark }, report => reported.TrySetResult(report));
        return reported.Task.Wait((int)deadline.TotalMilliseconds, cancellation) ? reported.Task.GetAwaiter().GetResult() : null;
    }
}

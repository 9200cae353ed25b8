using Confluent.Kafka;

namespace PhantomSync.Kafka.Consuming;

/// <summary>A record as it was read from a partition.</summary>
public sealed class IncomingRecord
{
    public required string Topic { get; init; }

    public required int Partition { get; init; }

    public required long Offset { get; init; }

    /// <summary>The partition key in UTF-8; null where the producer gave none.</summary>
    public byte[]? Key { get; init; }

    /// <summary>The value; null in a tombstone.</summary>
    public byte[]? Body { get; init; }

    public Headers? Headers { get; init; }

    /// <summary>The record's timestamp, by its producer's clock.</summary>
    public DateTime TimestampUtc { get; init; }

    internal static IncomingRecord Of(ConsumeResult<byte[], byte[]> result) => new()
    {
        Topic = result.Topic,
        Partition = result.Partition.Value,
        Offset = result.Offset.Value,
        Key = result.Message.Key,
        Body = result.Message.Value,
        Headers = result.Message.Headers,
        TimestampUtc = result.Message.Timestamp.UtcDateTime,
    };

    public override string ToString() => $"{Topic}[{Partition}]@{Offset}";
}

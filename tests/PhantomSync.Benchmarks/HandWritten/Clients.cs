using Confluent.Kafka;
using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>Kafka clients as an attentive user of Confluent.Kafka sets them up, with the same guarantees as ours.</summary>
internal static class Clients
{
    public static ProducerConfig Producer(Stage stage) => new()
    {
        BootstrapServers = stage.Kafka,
        Acks = Acks.All,
        EnableIdempotence = true,
        LingerMs = 1,
        CompressionType = CompressionType.Snappy,
        Partitioner = Partitioner.Murmur2Random,
        DeliveryReportFields = "status",

        // The mock does not check sequence numbers: more than one request at a time may lose records there.
        MaxInFlight = stage.IsEmbedded ? 1 : 5,
        BatchSize = stage.IsEmbedded ? 262_144 : 1_000_000,
    };

    public static ConsumerConfig Consumer(Stage stage)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = stage.Kafka,
            GroupId = "hand-written",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = true,
            EnableAutoOffsetStore = false,
        };
        if (stage.IsEmbedded)
        {
            // The mock never wakes a waiting fetch.
            config.FetchWaitMaxMs = 5;
            config.GroupProtocol = GroupProtocol.Consumer;
        }

        return config;
    }
}

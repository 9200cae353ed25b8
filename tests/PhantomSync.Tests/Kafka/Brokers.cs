using Confluent.Kafka;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Tests.Kafka;

/// <summary>Shorthand for clients of a mock cluster.</summary>
internal static class Brokers
{
    public static KafkaConnection Connect(this MockCluster cluster, Action<KafkaClientOptions>? change = null) =>
        Connect(new FixedBrokerAddress(cluster.BootstrapServers), change);

    public static KafkaConnection Connect(IBrokerAddress address, Action<KafkaClientOptions>? change = null)
    {
        var options = new KafkaClientOptions { Service = "tests", VolatileProfile = true };
        change?.Invoke(options);
        return new KafkaConnection(options, address);
    }

    public static OutgoingRecord Record(string topic, string key = "k", string body = "b") =>
        new(topic, System.Text.Encoding.UTF8.GetBytes(key), System.Text.Encoding.UTF8.GetBytes(body), null);

    /// <summary>All that is in the topic now.</summary>
    public static List<ConsumeResult<byte[], byte[]>> ReadAll(this KafkaConnection connection, string topic, int partitions)
    {
        var config = connection.Consumer(group: null);
        config.EnablePartitionEof = true;
        using var consumer = connection.ConsumerBuilder(config).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var all = new List<ConsumeResult<byte[], byte[]>>();
        for (var ends = 0; ends < partitions;)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(10)) ?? throw new TimeoutException($"{topic} has no end.");
            if (result.IsPartitionEOF)
                ends++;
            else
                all.Add(result);
        }

        return all;
    }
}

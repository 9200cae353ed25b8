using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Embedded;

namespace PhantomSync.Tests.Kafka;

public sealed class KafkaConnectionTests
{
    private static KafkaConnection Real(string servers, Action<KafkaClientOptions>? change = null)
    {
        var options = new KafkaClientOptions { BootstrapServers = servers, Service = "registry" };
        change?.Invoke(options);
        return new KafkaConnection(options, new FixedBrokerAddress(servers));
    }

    [Theory]
    [Trait("row", "S6.01")]
    [InlineData("kafka")]
    [InlineData("kafka:0")]
    [InlineData("kafka-1:9092,")]
    [InlineData("http://kafka:9092")]
    public void A_broker_that_is_not_host_and_port_is_refused_by_name(string servers) =>
        Should.Throw<ValidationException>(() => Real(servers)).Message.ShouldContain("Kafka:BootstrapServers");

    [Fact]
    [Trait("row", "S6.01")]
    public void Several_brokers_and_every_kind_of_host_are_taken() =>
        Real("kafka-1.example.com:9092, 10.0.0.1:9093,[::1]:9094").Producer().BootstrapServers.ShouldContain("kafka-1");

    [Fact]
    [Trait("row", "S6.02")]
    [Trait("row", "S6.04")]
    [Trait("row", "S6.05")]
    public void The_producer_stores_once_in_order_and_partitions_as_Java_does()
    {
        var producer = Real("k:1").Producer();
        producer.ClientId.ShouldBe($"registry-{Environment.MachineName}");
        producer.Acks.ShouldBe(Acks.All);
        producer.EnableIdempotence.ShouldBe(true);
        producer.MaxInFlight.ShouldBe(5);
        producer.Partitioner.ShouldBe(Partitioner.Murmur2Random);
        producer.CompressionType.ShouldBe(CompressionType.Snappy);
        producer.MessageTimeoutMs.ShouldBe(0);
        Real("k:1", static options => options.VolatileProfile = true).Producer().MaxInFlight.ShouldBe(1);
    }

    [Fact]
    [Trait("row", "S7.03")]
    [Trait("row", "S7.04")]
    [Trait("row", "S7.07")]
    public void The_consumer_commits_by_hand_and_shares_out_partitions_as_configured()
    {
        var classic = Real("k:1", static options => options.GroupProtocol = GroupProtocolChoice.Classic).Consumer("g");
        classic.EnableAutoCommit.ShouldBe(false);
        classic.EnableAutoOffsetStore.ShouldBe(false);
        classic.AutoOffsetReset.ShouldBe(AutoOffsetReset.Earliest);
        classic.PartitionAssignmentStrategy.ShouldBe(PartitionAssignmentStrategy.CooperativeSticky);
        var modern = Real("k:1", static options => options.GroupProtocol = GroupProtocolChoice.Consumer).Consumer("g");
        modern.GroupProtocol.ShouldBe(GroupProtocol.Consumer);
        modern.PartitionAssignmentStrategy.ShouldBeNull();
        modern.SessionTimeoutMs.ShouldBeNull();
    }

    [Fact]
    public void Brokers_are_asked_whether_they_share_out_partitions_themselves()
    {
        using var cluster = new MockCluster();
        Real(cluster.BootstrapServers).GroupProtocol.ShouldBe(GroupProtocol.Consumer);
        cluster.Withdraw(KafkaApi.ConsumerGroupHeartbeat);
        Real(cluster.BootstrapServers).GroupProtocol.ShouldBe(GroupProtocol.Classic);
        cluster.SetDown();
        Real(cluster.BootstrapServers).GroupProtocol.ShouldBe(GroupProtocol.Classic);
    }

    [Fact]
    public void A_setting_of_librdkafka_reaches_the_clients_it_is_for()
    {
        var connection = Real("k:1", static options =>
        {
            options.GroupProtocol = GroupProtocolChoice.Classic;
            options.Settings["linger.ms"] = "50";
            options.Settings["fetch.min.bytes"] = "1000";
            options.Settings["socket.keepalive.enable"] = "true";
            options.Configure = static config => config.ClientRack = "b";
        });
        connection.Producer().LingerMs.ShouldBe(50);
        connection.Producer().Get("fetch.min.bytes").ShouldBeNull();
        connection.Consumer("g").FetchMinBytes.ShouldBe(1000);
        connection.Consumer("g").Get("linger.ms").ShouldBeNull();
        connection.Admin().SocketKeepaliveEnable.ShouldBe(true);
        connection.Admin().ClientRack.ShouldBe("b");
    }

    [Fact]
    [Trait("row", "S7.04")]
    public void A_setting_that_delivery_depends_on_cannot_be_changed() =>
        Should.Throw<ValidationException>(() => Real("k:1", static options => options.Settings["enable.auto.commit"] = "true")).Message.ShouldContain("enable.auto.commit");

    [Fact]
    [Trait("row", "S6.10")]
    public void Secrets_come_by_reference_and_are_never_shown()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "from-file\n");
        var options = new KafkaClientOptions { BootstrapServers = "k:1" };
        options.Settings["sasl.password"] = "plain-secret";
        options.Settings["ssl.key.password"] = $"file:{file}";
        options.Settings["sasl.mechanism"] = "SCRAM-SHA-512";
        options.Describe().ShouldContain("sasl.password=***");
        options.Describe().ShouldNotContain("plain-secret");
        options.Describe().ShouldContain("SCRAM-SHA-512");
        new KafkaConnection(options, new FixedBrokerAddress("k:1")).Admin().Get("ssl.key.password").ShouldBe("from-file");
        File.Delete(file);
        Should.Throw<ValidationException>(() => new KafkaConnection(options, new FixedBrokerAddress("k:1"))).Message.ShouldContain("ssl.key.password");
    }

    [Theory]
    [Trait("row", "S6.08")]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Every_compression_can_be_read_again(CompressionType compression)
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        var connection = cluster.Connect(options => options.Compression = compression);
        await using var sender = new PhantomSync.Kafka.Producing.KafkaRecordSender(connection);
        var reports = new Reports();
        for (var i = 0; i < 100; i++)
            sender.Send(Brokers.Record("t", body: new string('x', 500)), reports, i);
        await reports.AreComplete(100);
        connection.ReadAll("t", 1).ShouldAllBe(static record => record.Message.Value.Length == 500);
    }
}

using Confluent.Kafka;
using PhantomSync.Kafka.Embedded;

namespace PhantomSync.Tests.Kafka;

public sealed class MockClusterTests
{
    [Fact]
    public void What_would_end_the_process_is_refused()
    {
        using var cluster = new MockCluster(2);
        cluster.CreateTopic("t", 1);
        Should.Throw<ArgumentOutOfRangeException>(() => cluster.SetLeader("t", 0, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => cluster.SetCoordinator("g", 99));
        Should.Throw<ArgumentException>(() => cluster.SetLeader("t", 1, 1));
        cluster.SetLeader("t", 0, 2);
        cluster.Dispose();
        Should.Throw<ObjectDisposedException>(() => cluster.SetDown());
    }

    [Fact]
    public async Task Deleted_records_are_gone()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        var connection = cluster.Connect();
        await using var sender = new PhantomSync.Kafka.Producing.KafkaRecordSender(connection);
        var reports = new Reports();
        for (var i = 0; i < 10; i++)
        {
            sender.Send(Brokers.Record("t"), reports, i);
            await reports.Of(i);
        }

        cluster.DeleteRecords("t", 0, 4);
        connection.ReadAll("t", 1).Select(static record => record.Offset.Value).ShouldBe([4, 5, 6, 7, 8, 9]);
    }

    [Fact]
    public async Task A_member_of_a_group_gets_what_is_sent_and_its_commit_is_kept()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 2);
        var connection = cluster.Connect();
        await using var sender = new PhantomSync.Kafka.Producing.KafkaRecordSender(connection);
        var reports = new Reports();
        sender.Send(Brokers.Record("t", "a", "1"), reports, 0);
        (await reports.Of(0)).Offset.ShouldBe(0);

        // As the profile wants: a group without a position starts from the beginning because its handler says so.
        using var consumer = connection.ConsumerBuilder(connection.Consumer("g"))
            .SetPartitionsAssignedHandler(static (_, partitions) => partitions.Select(static partition => new TopicPartitionOffset(partition, Offset.Beginning)))
            .Build();
        consumer.Subscribe("t");
        var record = consumer.Consume(TimeSpan.FromSeconds(10))!;
        consumer.Commit(record);
        consumer.Committed([record.TopicPartition], TimeSpan.FromSeconds(5))[0].Offset.Value.ShouldBe(1);
        consumer.Close();
    }
}

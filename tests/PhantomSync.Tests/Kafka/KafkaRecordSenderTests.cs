using System.Text;
using Confluent.Kafka;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Tests.Kafka;

public sealed class KafkaRecordSenderTests
{
    /// <summary>Java's Utils.murmur2, and what its partitioner makes of it.</summary>
    private static int JavaPartition(byte[] key, int partitions)
    {
        const uint m = 0x5bd1e995;
        var h = 0x9747b28c ^ (uint)key.Length;
        var whole = key.Length / 4;
        for (var i = 0; i < whole; i++)
        {
            var k = BitConverter.ToUInt32(key, i * 4) * m;
            h = (h * m) ^ ((k ^ (k >> 24)) * m);
        }

        var rest = key.AsSpan(whole * 4);
        if (rest.Length >= 3)
            h ^= (uint)rest[2] << 16;
        if (rest.Length >= 2)
            h ^= (uint)rest[1] << 8;
        if (rest.Length >= 1)
            h = (h ^ rest[0]) * m;
        h = (h ^ (h >> 13)) * m;
        h ^= h >> 15;
        return (int)(h & 0x7fffffff) % partitions;
    }

    [Fact]
    public void The_formula_of_this_test_gives_the_numbers_that_Kafkas_own_test_lists()
    {
        // UtilsTest.testMurmur2 of Apache Kafka: hash("21") = -973932308, hash("foobar") = -790332482, hash("abc") = 479470107.
        JavaPartition("21"u8.ToArray(), int.MaxValue).ShouldBe((-973932308 & 0x7fffffff) % int.MaxValue);
        JavaPartition("foobar"u8.ToArray(), int.MaxValue).ShouldBe((-790332482 & 0x7fffffff) % int.MaxValue);
        JavaPartition("abc"u8.ToArray(), int.MaxValue).ShouldBe(479470107);
    }

    [Fact]
    [Trait("row", "S6.11")]
    public async Task A_key_lands_in_the_partition_that_a_Java_producer_would_choose()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 12);
        await using var sender = new KafkaRecordSender(cluster.Connect());
        var reports = new Reports();
        for (var i = 0; i < 1000; i++)
            sender.Send(Brokers.Record("t", $"tenant-{i % 7}:model-{i}"), reports, i);
        await reports.AreComplete(1000);
        foreach (var (token, delivery, _) in reports.All)
        {
            delivery.Outcome.ShouldBe(DeliveryOutcome.Stored);
            delivery.Partition.ShouldBe(JavaPartition(Encoding.UTF8.GetBytes($"tenant-{token % 7}:model-{token}"), 12));
        }
    }

    [Fact]
    public async Task What_is_sent_arrives_unchanged_and_in_order()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        var connection = cluster.Connect();
        await using var sender = new KafkaRecordSender(connection);
        var reports = new Reports();
        for (var i = 0; i < 500; i++)
            sender.Send(new OutgoingRecord("t", i % 2 == 0 ? "k"u8.ToArray() : null, BitConverter.GetBytes(i), new Headers { { "n", BitConverter.GetBytes(i) } }), reports, i);
        await reports.AreComplete(500);
        var log = connection.ReadAll("t", 1);
        log.Select(static record => BitConverter.ToInt32(record.Message.Value)).ShouldBe(Enumerable.Range(0, 500));
        log.Select(static record => BitConverter.ToInt32(record.Message.Headers.GetLastBytes("n"))).ShouldBe(Enumerable.Range(0, 500));
        log[1].Message.Key.ShouldBeNull();
        reports.All.ShouldAllBe(report => report.Delivery.Offset == report.Token);
    }

    [Theory]
    [Trait("row", "S6.05")]
    [InlineData(ErrorCode.InvalidMsg)]
    [InlineData(ErrorCode.UnknownTopicOrPart)]
    [InlineData(ErrorCode.LeaderNotAvailable)]
    [InlineData(ErrorCode.NotLeaderForPartition)]
    [InlineData(ErrorCode.RequestTimedOut)]
    [InlineData(ErrorCode.NotEnoughReplicas)]
    [InlineData(ErrorCode.NotEnoughReplicasAfterAppend)]
    [InlineData(ErrorCode.KafkaStorageError)]
    [InlineData(ErrorCode.UnknownProducerId)]
    [InlineData(ErrorCode.Local_Transport)]
    public Task An_error_that_passes_is_retried_by_the_client(ErrorCode error) => Outcome(error, DeliveryOutcome.Stored);

    [Theory]
    [Trait("row", "S8.03")]
    [InlineData(ErrorCode.MsgSizeTooLarge, DeliveryOutcome.Refused)]
    [InlineData(ErrorCode.PolicyViolation, DeliveryOutcome.Refused)]
    [InlineData(ErrorCode.InvalidRecord, DeliveryOutcome.Refused)]
    [InlineData(ErrorCode.InvalidTimestamp, DeliveryOutcome.Refused)]
    [InlineData(ErrorCode.TopicAuthorizationFailed, DeliveryOutcome.Denied)]
    [InlineData(ErrorCode.DuplicateSequenceNumber, DeliveryOutcome.Unknown)]
    [InlineData(ErrorCode.NetworkException, DeliveryOutcome.Unknown)]
    [InlineData(ErrorCode.Unknown, DeliveryOutcome.Unknown)]
    [InlineData(ErrorCode.InvalidProducerEpoch, DeliveryOutcome.Unknown)]
    [InlineData(ErrorCode.OutOfOrderSequenceNumber, DeliveryOutcome.Unknown)]
    [InlineData(ErrorCode.FencedLeaderEpoch, DeliveryOutcome.Retriable)]
    [InlineData(ErrorCode.ThrottlingQuotaExceeded, DeliveryOutcome.Retriable)]
    [InlineData(ErrorCode.InvalidRequiredAcks, DeliveryOutcome.Retriable)]
    public Task A_produce_error_is_told_for_what_it_means(ErrorCode error, DeliveryOutcome expected) => Outcome(error, expected);

    private static async Task Outcome(ErrorCode error, DeliveryOutcome expected)
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        await using var sender = new KafkaRecordSender(cluster.Connect());
        var reports = new Reports();
        sender.Send(Brokers.Record("t"), reports, 0);
        (await reports.Of(0)).Outcome.ShouldBe(DeliveryOutcome.Stored);

        cluster.FailNext(KafkaApi.Produce, error);
        sender.Send(Brokers.Record("t"), reports, 1);
        var delivery = await reports.Of(1);
        delivery.Outcome.ShouldBe(expected, delivery.Reason);
        if (expected != DeliveryOutcome.Stored)
            delivery.Reason.ShouldNotBeNullOrEmpty();

        // Whatever that was, the sender goes on, with a new producer where the old one is spent.
        await EventuallyStored(sender, reports, 2);
        reports.All.GroupBy(static report => report.Token).ShouldAllBe(static group => group.Count() == 1);
    }

    private static async Task EventuallyStored(KafkaRecordSender sender, Reports reports, int firstToken)
    {
        for (var token = firstToken; token < firstToken + 200; token++)
        {
            sender.Send(Brokers.Record("t"), reports, token);
            if ((await reports.Of(token)).Outcome == DeliveryOutcome.Stored)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The sender does not recover.");
    }

    [Fact]
    public async Task A_record_too_large_for_the_client_is_refused_and_the_next_is_stored()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        await using var sender = new KafkaRecordSender(cluster.Connect());
        var reports = new Reports();
        var caller = Environment.CurrentManagedThreadId;
        sender.Send(new OutgoingRecord("t", null, new byte[2_000_000], null), reports, 0);
        sender.Send(Brokers.Record("t"), reports, 1);
        (await reports.Of(0)).Outcome.ShouldBe(DeliveryOutcome.Refused);
        (await reports.Of(1)).Outcome.ShouldBe(DeliveryOutcome.Stored);
        await reports.AreComplete(2);
    }

    [Fact]
    [Trait("row", "S6.12")]
    public async Task A_full_queue_is_told_as_retriable_and_nothing_is_told_twice()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        await using var sender = new KafkaRecordSender(cluster.Connect(options => options.QueueKilobytes = 1024));
        var reports = new Reports();
        cluster.SetDown();
        for (var i = 0; i < 300; i++)
            sender.Send(new OutgoingRecord("t", null, new byte[10_000], null), reports, i);
        await Wait.ForAsync(() => reports.Count > 150, "what did not fit is reported");
        reports.All.ShouldAllBe(static report => report.Delivery.Outcome == DeliveryOutcome.Retriable);
        cluster.SetUp();
        await reports.AreComplete(300);
    }

    [Fact]
    [Trait("row", "S6.03")]
    public async Task Leaders_that_move_and_brokers_that_stop_lose_nothing_and_keep_the_order()
    {
        using var cluster = new MockCluster(3);
        cluster.CreateTopic("t", 1);
        var connection = cluster.Connect();
        await using var sender = new KafkaRecordSender(connection);
        var reports = new Reports();
        for (var i = 0; i < 3000; i++)
        {
            sender.Send(new OutgoingRecord("t", "k"u8.ToArray(), BitConverter.GetBytes(i), null), reports, i);
            if (i % 300 == 299)
            {
                await reports.AreComplete(i - 250, atLeast: true);
                cluster.SetDown(1 + (i / 300 % 3));
                cluster.SetLeader("t", 0, 1 + (((i / 300) + 1) % 3));
                cluster.SetUp(1 + (i / 300 % 3));
            }
        }

        await reports.AreComplete(3000);
        reports.All.ShouldAllBe(static report => report.Delivery.Outcome == DeliveryOutcome.Stored);
        var first = connection.ReadAll("t", 1).Select(static record => BitConverter.ToInt32(record.Message.Value)).Distinct();
        first.ShouldBe(Enumerable.Range(0, 3000));
    }

    [Fact]
    public async Task A_lost_acknowledgement_makes_a_duplicate_in_the_log_and_one_report()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        var connection = cluster.Connect(options => options.Settings["socket.timeout.ms"] = "1000");
        await using var sender = new KafkaRecordSender(connection);
        var reports = new Reports();
        sender.Send(Brokers.Record("t", body: "0"), reports, 0);
        await reports.Of(0);
        cluster.DelayNext(KafkaApi.Produce, TimeSpan.FromSeconds(4));
        sender.Send(Brokers.Record("t", body: "1"), reports, 1);
        await reports.AreComplete(2);
        connection.ReadAll("t", 1).Select(static record => Encoding.UTF8.GetString(record.Message.Value)).ShouldBe(["0", "1", "1"]);
    }

    [Fact]
    public async Task Closing_with_the_broker_down_reports_everything_as_unknown_within_a_bounded_time()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        var sender = new KafkaRecordSender(cluster.Connect());
        var reports = new Reports();
        sender.Send(Brokers.Record("t"), reports, 0);
        await reports.Of(0);
        cluster.SetDown();
        for (var i = 1; i < 100; i++)
            sender.Send(Brokers.Record("t"), reports, i);
        await sender.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await reports.AreComplete(100);
        reports.All.Where(static report => report.Token > 0).ShouldAllBe(static report => report.Delivery.Outcome == DeliveryOutcome.Unknown);

        sender.Send(Brokers.Record("t"), reports, 100);
        (await reports.Of(100)).Outcome.ShouldBe(DeliveryOutcome.Retriable);
    }

    [Fact]
    public async Task Senders_on_many_threads_over_a_change_of_brokers_hear_of_every_record_once()
    {
        using var first = new MockCluster();
        using var second = new MockCluster();
        first.CreateTopic("t", 4);
        second.CreateTopic("t", 4);
        var address = new MovingAddress(first.BootstrapServers);
        await using var sender = new KafkaRecordSender(Brokers.Connect(address));
        var reports = new Reports();
        const int perThread = 5000;
        var threads = Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < perThread; i++)
            {
                sender.Send(Brokers.Record("t", $"{i}"), reports, (thread * perThread) + i);
                if (i == perThread / 2 && thread == 0)
                    address.Move(second.BootstrapServers);
                else if (i % 500 == 0)
                    Thread.Yield();
            }
        })).ToArray();
        await Task.WhenAll(threads);
        await reports.AreComplete(4 * perThread);
        sender.Send(Brokers.Record("t"), reports, 4 * perThread);
        (await reports.Of(4 * perThread)).Outcome.ShouldBe(DeliveryOutcome.Stored);
        Brokers.Connect(new PhantomSync.Kafka.Connecting.FixedBrokerAddress(second.BootstrapServers)).ReadAll("t", 4).ShouldNotBeEmpty();
    }

    private sealed class MovingAddress(string bootstrapServers) : PhantomSync.Kafka.Connecting.IBrokerAddress
    {
        public event Action? Changed;

        public string BootstrapServers { get; private set; } = bootstrapServers;

        public void Move(string to)
        {
            BootstrapServers = to;
            Changed?.Invoke();
        }
    }
}

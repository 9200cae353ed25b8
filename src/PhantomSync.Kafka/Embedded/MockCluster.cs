using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace PhantomSync.Kafka.Embedded;

/// <summary>
/// librdkafka's mock cluster in this process: real brokers to any client, with their log in memory, and with faults on demand.
/// What is known to abort the process is refused here, but not all of it can be: of the admin API only metadata, DescribeCluster,
/// DescribeTopics and offsets of explicit partitions are safe against it, and all members of a classic group must name the same
/// assignor first. Hosts run it in a process of its own (<see cref="EmbeddedBroker"/>). Thread-safe.
/// </summary>
internal sealed class MockCluster : IDisposable
{
    private readonly MockClusterHandle _cluster;
    private readonly ConcurrentDictionary<string, int> _topics = new(StringComparer.Ordinal);
    private readonly int _brokers;

    /// <summary>Starts <paramref name="brokers"/> brokers on free ports of 127.0.0.1, with ids from 1.</summary>
    public MockCluster(int brokers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(brokers);
        _brokers = brokers;
        _cluster = MockClusterHandle.Create(brokers);

        // Without a controller, DescribeCluster and DescribeTopics wait for one in vain. The delays are what makes groups
        // form and heal in fractions of a second instead of several.
        MockApi.SetControllerId(_cluster, 1);
        MockApi.SetGroupInitialRebalanceDelay(_cluster, 50);
        MockApi.SetGroupHeartbeatInterval(_cluster, 200);
        MockApi.SetGroupSessionTimeout(_cluster, 3000);
        BootstrapServers = Marshal.PtrToStringUTF8(MockApi.Bootstraps(_cluster))!;
    }

    /// <summary>Where clients start, as <c>host:port</c>, comma-separated.</summary>
    public string BootstrapServers { get; }

    /// <summary>Creates the topic unless it is there; true if it was created.</summary>
    /// <exception cref="InvalidOperationException">It is there with another number of partitions.</exception>
    public bool CreateTopic(string topic, int partitions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitions);
        lock (_topics)
        {
            if (!_topics.TryGetValue(topic, out var present))
            {
                Check(MockApi.TopicCreate(_cluster, topic, partitions, _brokers), $"create topic '{topic}'");
                _topics[topic] = partitions;
                return true;
            }

            if (present == partitions)
                return false;
            throw new InvalidOperationException($"Topic '{topic}' has {present} partitions, not {partitions}, and a topic's partitions do not change.");
        }
    }

    public void DeleteTopic(string topic)
    {
        Check(MockApi.TopicDelete(_cluster, topic), $"delete topic '{topic}'");
        _topics.TryRemove(topic, out _);
    }

    /// <summary>Metadata answers for the topic carry this error from now on; <see cref="ErrorCode.NoError"/> mends it.</summary>
    public void SetTopicError(string topic, ErrorCode error) => MockApi.TopicSetError(_cluster, topic, (int)error);

    /// <summary>Cuts all connections and refuses new ones. Null means all brokers.</summary>
    public void SetDown(int? broker = null) => Check(MockApi.BrokerSetDown(_cluster, Known(broker)), "stop a broker");

    /// <summary>Accepts connections again, at the same port. Null means all brokers.</summary>
    public void SetUp(int? broker = null) => Check(MockApi.BrokerSetUp(_cluster, Known(broker)), "start a broker");

    /// <summary>Delays every answer. Null means all brokers.</summary>
    public void SetRoundTrip(TimeSpan delay, int? broker = null) =>
        Check(MockApi.BrokerSetRoundTrip(_cluster, Known(broker), (int)delay.TotalMilliseconds), "delay a broker");

    /// <summary>
    /// The next requests of this kind, whoever sends them and to whichever broker, are answered with these errors, one each;
    /// <see cref="ErrorCode.NoError"/> lets one pass, <see cref="ErrorCode.Local_Transport"/> cuts the connection. Errors wait in
    /// line until asked for: push no more than will be, or <see cref="ClearErrors"/>.
    /// </summary>
    public void FailNext(KafkaApi api, params ErrorCode[] errors) =>
        MockApi.PushRequestErrors(_cluster, (short)api, (nuint)errors.Length, Array.ConvertAll(errors, static error => (int)error));

    /// <summary>The broker acts on the next request of this kind at once and answers it late: a lost acknowledgement.</summary>
    public void DelayNext(KafkaApi api, TimeSpan delay, int broker = 1, ErrorCode error = ErrorCode.NoError)
    {
        var milliseconds = (int)delay.TotalMilliseconds;
        var result = OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? MockApi.BrokerPushErrorRoundTripApple(_cluster, Known(broker), (short)api, 1, 0, 0, 0, 0, (int)error, milliseconds)
            : MockApi.BrokerPushErrorRoundTrip(_cluster, Known(broker), (short)api, 1, (int)error, milliseconds);
        Check(result, $"delay {api}");
    }

    /// <summary>How many errors of <see cref="DelayNext"/> still wait at the broker.</summary>
    public int Waiting(KafkaApi api, int broker = 1)
    {
        Check(MockApi.BrokerErrorCount(_cluster, Known(broker), (short)api, out var count), "count errors");
        return (int)count;
    }

    /// <summary>Forgets the errors of <see cref="FailNext"/> that nobody has asked for yet.</summary>
    public void ClearErrors(KafkaApi api) => MockApi.ClearRequestErrors(_cluster, (short)api);

    /// <summary>Moves the partition to another broker. The log is shared, so nothing is lost. (No leader at all would end the process: inject <see cref="ErrorCode.LeaderNotAvailable"/> instead.)</summary>
    public void SetLeader(string topic, int partition, int broker) =>
        Check(MockApi.PartitionSetLeader(_cluster, Known(topic, partition), partition, Known(broker)), $"move {topic}/{partition}");

    /// <summary>Moves the group's coordinator, which does not happen by itself when its broker goes down.</summary>
    public void SetCoordinator(string group, int broker) =>
        Check(MockApi.CoordinatorSet(_cluster, "group", group, Known(broker)), $"move group '{group}'");

    /// <summary>Retention on demand: the records before the offset are gone.</summary>
    public void DeleteRecords(string topic, int partition, long before) =>
        Check(MockApi.PartitionDeleteRecords(_cluster, Known(topic, partition), partition, before), $"delete records of {topic}/{partition}");

    /// <summary>Plays an older broker: the API is offered in these versions only.</summary>
    public void Offer(KafkaApi api, short min, short max) => Check(MockApi.SetApiVersion(_cluster, (short)api, min, max), $"limit {api}");

    /// <summary>Plays an older broker: the API is not offered at all.</summary>
    public void Withdraw(KafkaApi api) => Check(MockApi.SetApiVersion(_cluster, (short)api, -1, -1), $"withdraw {api}");

    /// <summary>What metadata says of the broker's address from now on: that of a proxy before it, say.</summary>
    public void Advertise(string host, int port, int broker = 1) =>
        Check(MockApi.BrokerSetHostPort(_cluster, Known(broker), host, port), $"advertise {host}:{port}");

    public void Dispose() => _cluster.Dispose();

    private static void Check(int error, string deed)
    {
        if (error != 0)
            throw new InvalidOperationException($"The mock cluster could not {deed}: {new Error((ErrorCode)error).Reason}.");
    }

    private int Known(int? broker) => broker is null ? -1 : Known(broker.Value);

    private int Known(int broker) =>
        broker >= 1 && broker <= _brokers ? broker : throw new ArgumentOutOfRangeException(nameof(broker), broker, $"The brokers are 1 to {_brokers}.");

    private string Known(string topic, int partition) =>
        _topics.TryGetValue(topic, out var partitions) && partition >= 0 && partition < partitions
            ? topic
            : throw new ArgumentException($"There is no partition {topic}/{partition}: create the topic first.", nameof(topic));
}

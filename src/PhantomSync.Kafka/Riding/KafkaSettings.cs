using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Producing;
using PhantomSync.Kafka.Topics;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Riding;

/// <summary>What the rider was configured with, and the clients made from it. One per container.</summary>
internal sealed class KafkaSettings : IAsyncDisposable
{
    private readonly Lazy<KafkaConnection> _connection;
    private readonly Lazy<KafkaRecordSender> _sender;

    public KafkaSettings()
    {
        _connection = new Lazy<KafkaConnection>(() => new KafkaConnection(Client, Address ?? new FixedBrokerAddress(Client.BootstrapServers)));
        _sender = new Lazy<KafkaRecordSender>(() => new KafkaRecordSender(_connection.Value));
    }

    public KafkaClientOptions Client { get; } = new();

    public TopicDefaults TopicDefaults { get; } = new();

    public IBrokerAddress? Address => Embedded;

    public EmbeddedBroker? Embedded { get; private set; }

    public VolatileLog? VolatileLog { get; private set; }

    public IWireFormat? Format { get; set; }

    /// <summary>Topics that no message has, made with the others.</summary>
    public HashSet<string> ExtraTopics { get; } = new(StringComparer.Ordinal);

    /// <summary>The consumer groups of this process and what they read; complete once the bus has been built.</summary>
    public Dictionary<string, IReadOnlySet<string>> Groups { get; } = new(StringComparer.Ordinal);

    public TimeSpan LagInterval { get; set; } = TimeSpan.FromSeconds(5);

    public KafkaConnection Connection => _connection.Value;

    public KafkaRecordSender Sender => _sender.Value;

    public void Use(EmbeddedBroker broker, VolatileLog log)
    {
        Client.VolatileProfile = true;
        Embedded = broker;
        VolatileLog = log;
    }

    public async ValueTask DisposeAsync()
    {
        if (_sender.IsValueCreated)
            await _sender.Value.DisposeAsync();
    }
}

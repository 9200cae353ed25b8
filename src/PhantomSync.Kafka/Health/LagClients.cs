using Confluent.Kafka;
using PhantomSync.Kafka.Connecting;

namespace PhantomSync.Kafka.Health;

/// <summary>The clients that ask brokers of one address how far consumer groups are.</summary>
internal sealed class LagClients : IDisposable
{
    private readonly Dictionary<string, IConsumer<byte[], byte[]>> _groups;

    public LagClients(KafkaConnection connection, IEnumerable<string> groups)
    {
        Brokers = connection.Address.BootstrapServers;
        Admin = connection.BuildAdmin();
        _groups = groups.ToDictionary(group => group, group => connection.ConsumerBuilder(connection.Consumer(group)).SetErrorHandler(static (_, _) => { }).Build(), StringComparer.Ordinal);
    }

    public string Brokers { get; }

    public IAdminClient Admin { get; }

    /// <summary>A consumer that reads nothing and is no member of the group, but knows its positions.</summary>
    public IConsumer<byte[], byte[]> Of(string group) => _groups[group];

    public void Dispose()
    {
        Admin.Dispose();
        foreach (var consumer in _groups.Values)
            consumer.Dispose();
    }
}

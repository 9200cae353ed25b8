namespace PhantomSync.Kafka.Connecting;

/// <summary>Where the brokers are now.</summary>
public interface IBrokerAddress
{
    /// <summary>One or more of <c>host:port</c>, comma-separated.</summary>
    string BootstrapServers { get; }

    /// <summary>
    /// The brokers are others than before, perhaps at the same address: connections, positions and what was sent but not
    /// acknowledged are void. Handlers must be quick.
    /// </summary>
    event Action? Changed;
}

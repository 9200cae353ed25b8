namespace PhantomSync.Kafka.Connecting;

/// <summary>Brokers that stay where they are.</summary>
public sealed class FixedBrokerAddress(string bootstrapServers) : IBrokerAddress
{
    public string BootstrapServers { get; } = bootstrapServers;

    public event Action? Changed
    {
        add { }
        remove { }
    }
}

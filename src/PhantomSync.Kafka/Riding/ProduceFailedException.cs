using PhantomSync.Kafka.Producing;

namespace PhantomSync.Kafka.Riding;

/// <summary>Kafka did not take a record that was sent outside the outbox.</summary>
public sealed class ProduceFailedException : Exception
{
    public ProduceFailedException(string message, DeliveryOutcome outcome)
        : base(message) => Outcome = outcome;

    public ProduceFailedException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    public ProduceFailedException(string message)
        : base(message)
    {
    }

    public ProduceFailedException()
    {
    }

    /// <summary>Whether sending again can help, and whether the record may be in the log all the same.</summary>
    public DeliveryOutcome Outcome { get; }
}

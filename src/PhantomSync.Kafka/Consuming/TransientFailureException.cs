namespace PhantomSync.Kafka.Consuming;

/// <summary>A handler throws this to say: not now, but later; keep the message and try again.</summary>
public sealed class TransientFailureException : Exception
{
    public TransientFailureException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    public TransientFailureException(string message)
        : base(message)
    {
    }

    public TransientFailureException()
    {
    }
}

namespace PhantomSync.Kafka.Consuming;

/// <summary>
/// A handler throws this to say: what follows need not wait for this. Like any other failure it is tried again and then goes to
/// the dead letters, but later messages of its key are handled.
/// </summary>
public sealed class SetAsideException : Exception
{
    public SetAsideException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    public SetAsideException(string message)
        : base(message)
    {
    }

    public SetAsideException()
    {
    }
}

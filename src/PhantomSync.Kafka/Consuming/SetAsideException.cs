namespace PhantomSync.Kafka.Consuming;

/// <summary>
/// A handler throws this to say: trying again is of no use now, and what follows need not wait. The message goes to the dead
/// letters at once, and later messages of its key are handled.
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

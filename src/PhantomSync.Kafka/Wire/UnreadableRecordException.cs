namespace PhantomSync.Kafka.Wire;

/// <summary>A record's value cannot be read, now or later: it goes to the dead letters.</summary>
public sealed class UnreadableRecordException : Exception
{
    public UnreadableRecordException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    public UnreadableRecordException()
        : this("The record cannot be read.")
    {
    }

    public UnreadableRecordException(string message)
        : this(message, null)
    {
    }
}

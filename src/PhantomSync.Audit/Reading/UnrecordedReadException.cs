namespace PhantomSync.Audit.Reading;

/// <summary>The trail was not shown, because that it was read could not be recorded.</summary>
public sealed class UnrecordedReadException : Exception
{
    public UnrecordedReadException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public UnrecordedReadException(string message)
        : base(message)
    {
    }

    public UnrecordedReadException()
    {
    }
}

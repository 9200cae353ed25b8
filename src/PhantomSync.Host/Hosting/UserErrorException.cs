namespace PhantomSync.Host.Hosting;

/// <summary>Something that the caller of the command can put right; its message is all that is shown.</summary>
internal sealed class UserErrorException : Exception
{
    public UserErrorException(string message)
        : base(message)
    {
    }

    public UserErrorException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public UserErrorException()
    {
    }
}

namespace PhantomSync.Audit.Indexing;

/// <summary>The search engine will never take this document; it is put into the dead letters.</summary>
public sealed class DocumentRefusedException : Exception
{
    public DocumentRefusedException(string message)
        : base(message)
    {
    }

    public DocumentRefusedException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    public DocumentRefusedException()
    {
    }
}

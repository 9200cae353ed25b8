namespace PhantomSync.EntityFrameworkCore;

/// <summary>A context's tables are not what its model says, and adding what is missing does not mend it. Nothing was changed.</summary>
public sealed class SchemaMismatchException : Exception
{
    public SchemaMismatchException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    public SchemaMismatchException(string message)
        : base(message)
    {
    }

    public SchemaMismatchException()
    {
    }
}

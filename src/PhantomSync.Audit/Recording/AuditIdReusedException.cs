namespace PhantomSync.Audit.Recording;

/// <summary>Two different facts have the same id; the second is put into the dead letters.</summary>
public sealed class AuditIdReusedException : Exception
{
    public AuditIdReusedException(string message)
        : base(message)
    {
    }

    public AuditIdReusedException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    public AuditIdReusedException()
    {
    }
}

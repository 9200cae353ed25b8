using System.Data.Common;

namespace PhantomSync.Kafka.Consuming;

/// <summary>Names failures for the log. What a handler or a database says of one may quote the event, and with it persons.</summary>
public static class FailureName
{
    /// <summary>The types of the exception and of what it was caused by, a database's code with it: <c>DbUpdateException, PostgresException 22P02</c>.</summary>
    public static string Of(Exception exception)
    {
        var name = exception is DbException { SqlState: { } state } ? $"{exception.GetType().Name} {state}" : exception.GetType().Name;
        return exception.InnerException is { } inner ? $"{name}, {Of(inner)}" : name;
    }
}

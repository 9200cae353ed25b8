using System.Data.Common;
using System.Net;
using System.Net.Sockets;

namespace PhantomSync.Kafka.Consuming;

/// <summary>
/// Tells a failure that passes (a store is away, a deadlock) from one that lies in the message. What passes is retried for
/// ever; the rest ends in the dead letters.
/// </summary>
public sealed class FailureClassifier(IEnumerable<ITransientFailureRule> rules)
{
    private readonly ITransientFailureRule[] _rules = [.. rules];

    /// <summary>Whether the same work can succeed later without anyone changing the message or the handler.</summary>
    public bool IsTransient(Exception exception)
    {
        if (exception is AggregateException { InnerExceptions.Count: > 1 } several)
            return several.InnerExceptions.All(IsTransient);

        for (var current = exception; current is not null; current = current.InnerException)
        {
            foreach (var rule in _rules)
            {
                if (rule.IsTransient(current) is { } verdict)
                    return verdict;
            }

            switch (current)
            {
                case DbException { IsTransient: true }:
                    return true;
                case HttpRequestException { StatusCode: { } status }:
                    return status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;
                case HttpRequestException or HttpIOException or TimeoutException or SocketException or TransientFailureException:
                    return true;
            }
        }

        return false;
    }
}

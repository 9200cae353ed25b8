using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>What a service knows of its store's failures.</summary>
internal sealed class ServiceFailures(Func<Exception, bool?> rule) : ITransientFailureRule
{
    public bool? IsTransient(Exception exception) => rule(exception);
}

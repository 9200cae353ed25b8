using Microsoft.EntityFrameworkCore;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>A row that somebody else changed meanwhile: read again, the work can succeed.</summary>
internal sealed class EntityFrameworkFailures : ITransientFailureRule
{
    public bool? IsTransient(Exception exception) => exception is DbUpdateConcurrencyException ? true : null;
}

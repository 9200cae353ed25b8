using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>The library's own tables for the sagas of one context. Every method works on the context's connection and transaction.</summary>
internal interface ISagaStore
{
    /// <summary>Adds to the history and remembers the finished instances.</summary>
    Task WriteAsync(DbContext context, List<SagaTransition> transitions, List<(string Saga, Guid Id)> finished, CancellationToken cancellationToken);

    /// <summary>Those of the instances that have finished and are remembered.</summary>
    Task<HashSet<Guid>> FinishedAsync(DbContext context, string saga, Guid[] ids, CancellationToken cancellationToken);
}

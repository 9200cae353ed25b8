using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Sagas;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>What the instances of a context's sagas have been through.</summary>
public static class SagaHistoryExtensions
{
    /// <summary>The transitions of one instance, the first first; empty where there is none. They outlive the instance.</summary>
    /// <param name="context">The context that keeps the saga.</param>
    /// <param name="correlationId">The instance.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<SagaTransition>> SagaHistoryAsync<TSaga>(
        this DbContext context, Guid correlationId, CancellationToken cancellationToken = default)
        where TSaga : class, ISaga
    {
        ArgumentNullException.ThrowIfNull(context);
        return await new SagaHistoryTable(InboxTables.Of(context), context.Database.IsNpgsql() ? OutboxProvider.Postgres : OutboxProvider.Sqlite)
            .ReadAsync(context, SagaInstances<TSaga>.Name, correlationId, cancellationToken);
    }
}

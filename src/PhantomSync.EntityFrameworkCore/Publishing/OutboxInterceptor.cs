using System.Data.Common;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore.Relaying;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>Wakes the relay of this process as soon as a transaction with outbox rows has committed.</summary>
internal sealed class OutboxInterceptor<TDbContext>(IServiceProvider services) : SaveChangesInterceptor, IDbTransactionInterceptor
    where TDbContext : DbContext
{
    // The outbox makes a context to learn its tables, and that context has this interceptor.
    private readonly Lazy<RelaySignal> _signal = new(() => services.GetRequiredService<TransactionalOutbox<TDbContext>>().Signal);

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Saved(eventData.Context);
        return result;
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Saved(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Committed(eventData.Context);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Committed(eventData.Context);
        return Task.CompletedTask;
    }

    private void Saved(DbContext? context)
    {
        if (!PendingMessages.TryGet(context, out var pending) || !pending.ReleaseSaved(context!))
            return;
        if (context!.Database.CurrentTransaction is not null)
            pending.AwaitCommit = true;
        else if ((context.Database.GetEnlistedTransaction() ?? Transaction.Current) is { } ambient)
            ambient.TransactionCompleted += (_, _) => _signal.Value.Set();
        else
            _signal.Value.Set();
    }

    private void Committed(DbContext? context)
    {
        if (!PendingMessages.TryGet(context, out var pending) || !pending.AwaitCommit)
            return;
        pending.AwaitCommit = false;
        _signal.Value.Set();
    }
}

using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Publishing;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>
/// The history, and the finished instances. Those are entries of the inbox under a consumer of the saga's own: they last as long
/// as the inbox remembers events, and go with its generations.
/// </summary>
internal sealed class SagaStore<TDbContext>(InboxParts<TDbContext> parts, OutboxSetup<TDbContext> setup) : ISagaStore
    where TDbContext : DbContext
{
    public Task ReadyAsync(CancellationToken cancellationToken) => setup.ReadyAsync(cancellationToken);

    public async Task WriteAsync(DbContext context, List<SagaTransition> transitions, List<(string Saga, Guid Id)> finished, CancellationToken cancellationToken)
    {
        if (transitions.Count > 0)
            await parts.History.AddAsync(context, transitions, cancellationToken);
        foreach (var group in finished.GroupBy(instance => instance.Saga, instance => instance.Id))
        {
            InboxEntry[] entries = [.. group.Distinct().Order().Select(id => new InboxEntry(id, 0, 0))];
            await parts.Store.AcceptAsync(context, parts.SagaConsumers[group.Key], SagaCheck.ConsumerOf(group.Key), entries, cancellationToken);
        }
    }

    public Task<HashSet<Guid>> FinishedAsync(DbContext context, string saga, Guid[] ids, CancellationToken cancellationToken) =>
        parts.Store.FindAsync(context, parts.SagaConsumers[saga], ids, cancellationToken);
}

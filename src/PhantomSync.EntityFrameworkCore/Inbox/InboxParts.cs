using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Relaying;
using PhantomSync.EntityFrameworkCore.Sagas;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>The stores behind a context's inbox, made from its model.</summary>
internal sealed class InboxParts<TDbContext>
    where TDbContext : DbContext
{
    public InboxParts(OutboxProvider provider, IServiceScopeFactory scopes, TimeProvider time)
    {
        using var scope = scopes.CreateScope();
        Tables = InboxTables.Of(scope.ServiceProvider.GetRequiredService<TDbContext>());
        Store = provider == OutboxProvider.Postgres ? new PostgresInboxStore(Tables) : new SqliteInboxStore(Tables, time);
        Letters = new DeadLetterTable(Tables, time);
        History = new SagaHistoryTable(Tables, provider);
        Provider = provider;
    }

    public OutboxProvider Provider { get; }

    public InboxTables Tables { get; }

    public IInboxStore Store { get; }

    public DeadLetterTable Letters { get; }

    public SagaHistoryTable History { get; }

    /// <summary>The inbox's number of each saga whose finished instances it remembers; filled by the setup.</summary>
    public ConcurrentDictionary<string, short> SagaConsumers { get; } = new(StringComparer.Ordinal);

    /// <summary>Set after an operator has requested something for a letter.</summary>
    public RelaySignal LetterRequested { get; } = new();
}

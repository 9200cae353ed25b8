using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>Picks the store that fits a context's provider.</summary>
internal static class OutboxStores
{
    /// <exception cref="NotSupportedException">The context is neither on PostgreSQL nor on SQLite.</exception>
    public static IOutboxStore Create(Func<ContextLease> contexts, TimeProvider time, TimeSpan frozenAfter)
    {
        using var lease = contexts();
        var context = lease.Context;
        return context.Database.ProviderName switch
        {
            "Npgsql.EntityFrameworkCore.PostgreSQL" => new PostgresOutboxStore(contexts, time, frozenAfter),
            "Microsoft.EntityFrameworkCore.Sqlite" => new SqliteOutboxStore(contexts, time),
            var other => throw new NotSupportedException(
                $"{context.GetType().Name} uses {other}. The outbox runs on PostgreSQL (UseNpgsql) and SQLite (UseSqlite)."),
        };
    }
}

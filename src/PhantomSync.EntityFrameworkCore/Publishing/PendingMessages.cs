using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>The outbox rows that a context has taken in since it was last committed.</summary>
internal sealed class PendingMessages
{
    private static readonly ConditionalWeakTable<DbContext, PendingMessages> ByContext = [];

    private readonly List<OutboxMessage> _rows = [];

    /// <summary>Whether rows were saved in a transaction that is not committed yet.</summary>
    public bool AwaitCommit { get; set; }

    public static PendingMessages Of(DbContext context) => ByContext.GetOrCreateValue(context);

    public static bool TryGet(DbContext? context, out PendingMessages pending)
    {
        pending = null!;
        return context is not null && ByContext.TryGetValue(context, out pending!);
    }

    public void Add(OutboxMessage row) => _rows.Add(row);

    /// <summary>
    /// Lets go of the rows that are saved, so that a long-lived context does not keep every event it published. Those of a save
    /// that has not accepted its changes yet (<c>acceptAllChangesOnSuccess: false</c>) stay until one does.
    /// </summary>
    /// <returns>Whether any row was written.</returns>
    public bool ReleaseSaved(DbContext context)
    {
        var written = false;
        _rows.RemoveAll(row =>
        {
            var entry = context.Entry(row);
            written |= entry.State is EntityState.Unchanged or EntityState.Added;
            if (entry.State == EntityState.Added)
                return false;
            entry.State = EntityState.Detached;
            return true;
        });
        return written;
    }
}

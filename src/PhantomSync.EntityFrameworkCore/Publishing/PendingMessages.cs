using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>The outbox rows that a context has taken in since it was last committed.</summary>
internal sealed class PendingMessages
{
    private static readonly ConditionalWeakTable<DbContext, PendingMessages> ByContext = [];

    private readonly List<OutboxMessage> _rows = [];
    private bool _together;

    /// <summary>Whether rows were saved in a transaction that is not committed yet.</summary>
    public bool AwaitCommit { get; set; }

    public static PendingMessages Of(DbContext context) => ByContext.GetOrCreateValue(context);

    public static bool TryGet(DbContext? context, out PendingMessages pending)
    {
        pending = null!;
        return context is not null && ByContext.TryGetValue(context, out pending!);
    }

    /// <summary>
    /// From now on rows are not tracked one by one: whoever commits the context's transaction writes them with
    /// <see cref="WriteAsync"/>, all with one statement. On SQLite, where a statement is no round trip, nothing changes.
    /// </summary>
    public void WriteTogether(DbContext context) => _together = context.Database.IsNpgsql();

    /// <summary>The transaction is over: a pooled context may serve others now, and what was not written has been rolled back.</summary>
    public void EndTogether()
    {
        if (_together)
            _rows.Clear();
        _together = false;
    }

    public void Add(DbContext context, OutboxMessage row)
    {
        if (!_together)
            context.Add(row);
        _rows.Add(row);
    }

    /// <summary>Writes what <see cref="WriteTogether"/> has kept back, in the order in which it was published.</summary>
    public async Task WriteAsync(DbContext context, CancellationToken cancellationToken)
    {
        if (!_together || _rows.Count == 0)
            return;
        await PostgresOutboxInsert.WriteAsync(context, _rows, cancellationToken);
        _rows.Clear();
        AwaitCommit = true;
    }

    /// <summary>Takes out the rows that the token would cancel, as long as they are not saved. False: there are none.</summary>
    public bool Remove(DbContext context, Guid scheduleToken) => _rows.RemoveAll(row =>
    {
        if (row.ScheduleToken != scheduleToken)
            return false;
        if (_together)
            return true;
        if (context.Entry(row) is not { State: EntityState.Added } entry)
            return false;
        entry.State = EntityState.Detached;
        return true;
    }) > 0;

    /// <summary>
    /// Lets go of the rows that are saved, so that a long-lived context does not keep every event it published. Those of a save
    /// that has not accepted its changes yet (<c>acceptAllChangesOnSuccess: false</c>) stay until one does.
    /// </summary>
    /// <returns>Whether any row was written.</returns>
    public bool ReleaseSaved(DbContext context)
    {
        if (_together)
            return false;
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

using Microsoft.EntityFrameworkCore;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>The inbox tables of one service. Every method works on the context's connection, in its transaction if it has one.</summary>
internal interface IInboxStore
{
    /// <summary>Creates or upgrades the tables; harmless when they are up to date or when several do it at once.</summary>
    Task CreateSchemaAsync(DbContext context, CancellationToken cancellationToken);

    /// <summary>The number under which the consumer's entries are kept.</summary>
    Task<short> RegisterAsync(DbContext context, string consumer, CancellationToken cancellationToken);

    /// <summary>
    /// Adds the entries that are not there yet and says of each what it is. <see cref="InboxVerdict.Parked"/>: an earlier message
    /// of its partition key waits among the dead letters of <paramref name="group"/>; that letter cannot be released before the
    /// transaction ends.
    /// </summary>
    Task<InboxVerdict[]> AcceptAsync(DbContext context, short consumer, string group, InboxEntry[] entries, CancellationToken cancellationToken);

    /// <summary>Those of the keys that are there.</summary>
    Task<HashSet<Guid>> FindAsync(DbContext context, short consumer, Guid[] keys, CancellationToken cancellationToken);

    /// <summary>What the consumer of that name remembers of the key; null where it does not, or never was at work.</summary>
    Task<InboxSighting?> SightingAsync(DbContext context, string consumer, Guid key, CancellationToken cancellationToken);

    /// <summary>
    /// Begins a new generation of entries if the current one is older than <paramref name="retention"/>, and drops those before
    /// the last: an entry is remembered for at least that long and at most twice as long.
    /// </summary>
    /// <returns>Whether a generation was begun.</returns>
    Task<bool> RotateAsync(DbContext context, TimeSpan retention, CancellationToken cancellationToken);
}

using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Auditing;

namespace PhantomSync.Audit.Indexing;

/// <summary>Makes the index anew from the record of truth. Indexing may go on meanwhile: what both write is written once.</summary>
public sealed class IndexRebuild(AuditDbContext log, IAuditIndex index, OperatorAudit audit)
{
    private const int BatchSize = 1_000;

    /// <param name="month">Such as <c>2026-03</c>; null for all of it.</param>
    /// <param name="by">Who wants it; that is recorded before anything is removed.</param>
    /// <param name="cancellationToken">Ends it where it is; run again, it begins anew.</param>
    /// <returns>How many entries were read and indexed.</returns>
    public async Task<long> RunAsync(string? month, Operator by, CancellationToken cancellationToken)
    {
        audit.Record(log, by, new OperatorDeed("REBUILD_AUDIT_INDEX", OperatorDeed.Platform, "AUDIT_INDEX", month ?? "all") { Result = "begun" });
        await log.SaveChangesAsync(cancellationToken);
        await index.ClearAsync(month, cancellationToken);
        var indexed = 0L;
        for (var position = 0L; ;)
        {
            var after = position;
            var rows = await log.Logs.AsNoTracking().Where(row => row.Position > after).OrderBy(row => row.Position).Take(BatchSize).ToListAsync(cancellationToken);
            if (rows.Count == 0)
                return indexed;
            position = rows[^1].Position;
            IndexedEntry[] entries = [.. rows.Select(row => new IndexedEntry(row.ToEntry(), row.RecordedAt)).Where(entry => month is null || entry.Month == month)];
            await index.AddAsync(entries, cancellationToken);
            indexed += entries.Length;
        }
    }
}

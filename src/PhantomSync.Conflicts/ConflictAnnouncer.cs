using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Conflicts.Storing;
using PhantomSync.Contracts;
using PhantomSync.Contracts.Conflicts;

namespace PhantomSync.Conflicts;

/// <summary>Tells others of conflicts, through the outbox of the context that keeps them, and counts them once they are saved.</summary>
internal sealed class ConflictAnnouncer(IPublishEndpoint publish, ConflictMetrics metrics)
{
    public async Task AnnounceAsync(DbContext owner, LedgerEntry entry, CancellationToken cancellationToken)
    {
        var (record, isNew, isClosed) = entry;
        if (isNew)
            await publish.Publish(Detected(record), cancellationToken);
        if (isClosed)
            await publish.Publish(Resolved(record), cancellationToken);
        owner.SavedChanges += Count;

        void Count(object? sender, SavedChangesEventArgs saved)
        {
            owner.SavedChanges -= Count;
            if (isNew)
                metrics.Detected(record.ResourceType, record.Strategy);
            if (isClosed)
                metrics.Resolved(record.ResourceType, record.Strategy);
        }
    }

    private static ConflictDetected Detected(ConflictRecord record) => new()
    {
        ConflictId = record.ConflictId,
        TenantId = record.TenantId,
        ResourceType = record.ResourceType,
        ResourceId = record.ResourceId,
        Fields = ChangeJson.ReadTexts(record.Fields),
        Changes = [.. record.ReadChanges().Select(change => new ContendingChange { ChangeId = change.ChangeId, SourceService = change.SourceService, Timestamp = change.Timestamp })],
        Strategy = record.Strategy,
        SyncMetadata = SyncMetadata.Unset with { IdempotencyKey = $"conflict-detected/{record.ConflictId}/{record.Revision}" },
    };

    private static ConflictResolved Resolved(ConflictRecord record) => new()
    {
        ConflictId = record.ConflictId,
        TenantId = record.TenantId,
        ResourceType = record.ResourceType,
        ResourceId = record.ResourceId,
        Strategy = record.Strategy,
        WinningChange = record.WinningChangeId,
        Resolution = ChangeJson.ReadValues(record.Resolution!),
        ResolvedBy = record.ResolvedBy!,
        Reason = record.Reason,
        SyncMetadata = SyncMetadata.Unset with { IdempotencyKey = $"conflict-resolved/{record.ConflictId}/{record.Revision}" },
    };
}

using MassTransit;
using PhantomSync.Audit.Entries;
using PhantomSync.Contracts;

namespace PhantomSync.Audit.Indexing;

/// <summary>Every event becomes searchable, a micro-batch at a time. It knows nothing of the record of truth and does not hold it up.</summary>
public sealed class IndexAuditEntry(IAuditIndex index, EventCatalogue catalogue, TimeProvider time) : IConsumer<Batch<ISyncEvent>>
{
    public Task Consume(ConsumeContext<Batch<ISyncEvent>> context)
    {
        var seenAt = Timestamp.From(time.GetUtcNow());
        return index.AddAsync([.. context.Message.Select(item => new IndexedEntry(AuditEntries.Of(item.Message, catalogue), seenAt))], context.CancellationToken);
    }
}

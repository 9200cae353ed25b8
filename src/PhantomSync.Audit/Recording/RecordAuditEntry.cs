using MassTransit;
using PhantomSync.Audit.Entries;
using PhantomSync.Contracts;

namespace PhantomSync.Audit.Recording;

/// <summary>Every event becomes an audit entry, a micro-batch at a time.</summary>
public sealed class RecordAuditEntry(AuditLog log, EventCatalogue catalogue) : IConsumer<Batch<ISyncEvent>>
{
    public Task Consume(ConsumeContext<Batch<ISyncEvent>> context)
    {
        var batch = context.Message;
        var entries = new AuditEntry[batch.Length];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = AuditEntries.Of(batch[i].Message, catalogue);
        return log.AppendAsync(entries, context.CancellationToken);
    }
}

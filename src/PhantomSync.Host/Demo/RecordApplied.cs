using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Host.Demo;

/// <summary>Keeps the ledger: a consumer of every event, a micro-batch at a time.</summary>
internal sealed class RecordApplied(LedgerDbContext ledger, EventCatalogue catalogue, DelayRecorder delays) : IConsumer<Batch<ISyncEvent>>
{
    public Task Consume(ConsumeContext<Batch<ISyncEvent>> context)
    {
        foreach (var item in context.Message)
        {
            var applied = item.Message;
            var descriptor = catalogue.Describe(applied);
            ledger.Applied.Add(new AppliedEvent
            {
                EventId = applied.SyncMetadata.EventId,
                EventType = descriptor.EventType,
                Key = descriptor.KeyOf(applied),
            });
            delays.Record(applied.SyncMetadata.OccurredAt.ToDateTimeOffset());
        }

        return Task.CompletedTask;
    }
}

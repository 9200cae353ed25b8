using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Gating;
using PhantomSync.EntityFrameworkCore.Preloading;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.EntityFrameworkCore.Sagas;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Inbox;

internal sealed class EntityFrameworkInboxTransaction(
    DbContext context,
    IDbContextTransaction transaction,
    string group,
    short consumer,
    IInboxStore store,
    DeadLetterTable letters,
    IReadOnlyList<IPreload> preloads,
    SagaUnit sagas,
    ISagaStore? sagaStore,
    Quarantine? quarantine) : IInboxTransaction
{
    public async Task<IReadOnlyList<InboxVerdict>> AcceptAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var entries = new InboxEntry[messages.Count];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = InboxEntries.Of(messages[i]);
        var verdicts = await store.AcceptAsync(context, consumer, group, entries, cancellationToken);
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] == InboxVerdict.Parked)
                await letters.AddAsync(context, Parked(messages[i]), entries[i].PartitionKeyHash, parked: true, cancellationToken);
        }

        if (quarantine is not null)
            await quarantine.JudgeAsync(context, group, messages, entries, verdicts, cancellationToken);
        return verdicts;
    }

    public async Task PrepareAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var preload in preloads)
            await preload.LoadAsync(context, messages, cancellationToken);
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await sagas.SaveAsync(context, sagaStore, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        PendingMessages.Of(context).EndTogether();
        AbsentRows.Find(context)?.Forget();
        return transaction.DisposeAsync();
    }

    private DeadLetter Parked(ReceivedMessage message) => new(
        group,
        message.Record,
        message.Content.Type.Name,
        message.Envelope,
        "An earlier event of its partition key waits among the dead letters.",
        null,
        0,
        BlocksKey: true);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Gating;
using PhantomSync.EntityFrameworkCore.Preloading;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.EntityFrameworkCore.Sagas;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>The inbox in a service's own database: a micro-batch is one transaction of its <typeparamref name="TDbContext"/>.</summary>
internal sealed class EntityFrameworkInbox<TDbContext>(
    string group, IInboxStore store, DeadLetterTable letters, IReadOnlyList<IPreload> preloads, OutboxSetup<TDbContext> setup, IServiceScopeFactory scopes, Quarantine? quarantine) : IInbox, IDisposable
    where TDbContext : DbContext
{
    private readonly SemaphoreSlim _registering = new(1);
    private short? _consumer;

    public async Task<IInboxTransaction> BeginAsync(IServiceProvider scope, CancellationToken cancellationToken)
    {
        var consumer = _consumer ?? await RegisterAsync(cancellationToken);
        var context = scope.GetRequiredService<TDbContext>();
        scope.GetRequiredService<ScopedOutbox>().Use(typeof(TDbContext));
        var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var sagas = scope.GetRequiredService<SagaUnit>();
        sagas.Join(context);
        PendingMessages.Of(context).WriteTogether(context);
        return new EntityFrameworkInboxTransaction(context, transaction, group, consumer, store, letters, preloads, sagas, scope.GetService<SagaStore<TDbContext>>(), quarantine);
    }

    public async Task DeadLetterAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        var consumer = _consumer ?? await RegisterAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // The letter's own entry makes putting it away idempotent, too.
        var entry = InboxEntries.Of(letter);
        var verdicts = await store.AcceptAsync(context, consumer, group, [entry], cancellationToken);
        if (verdicts[0] == InboxVerdict.KeyReused && letter.BlocksKey)
        {
            // Other content was handled under its key meanwhile: no reason to lose this.
            letter = letter with { BlocksKey = false };
            entry = InboxEntries.Of(letter);
            verdicts = await store.AcceptAsync(context, consumer, group, [entry], cancellationToken);
        }

        if (verdicts[0] is InboxVerdict.Duplicate or InboxVerdict.KeyReused)
            return;
        await letters.AddAsync(context, letter, entry.PartitionKeyHash, parked: verdicts[0] == InboxVerdict.Parked, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public void Dispose() => _registering.Dispose();

    private async Task<short> RegisterAsync(CancellationToken cancellationToken)
    {
        await _registering.WaitAsync(cancellationToken);
        try
        {
            if (_consumer is { } known)
                return known;
            await setup.ReadyAsync(cancellationToken);
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
            _consumer = await store.RegisterAsync(context, group, cancellationToken);
            return _consumer.Value;
        }
        finally
        {
            _registering.Release();
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore.Gating;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Relaying;
using PhantomSync.EntityFrameworkCore.Sagas;
using PhantomSync.EntityFrameworkCore.Upgrading;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>Creates the library's tables of a context, once, after the context's own are there.</summary>
internal sealed class OutboxSetup<TDbContext>(TransactionalOutbox<TDbContext> outbox, InboxParts<TDbContext> parts, IEnumerable<SagaCheck> sagas, IEnumerable<TableUpgrade> upgrades, IServiceScopeFactory scopes) : IDisposable
    where TDbContext : DbContext
{
    private readonly SemaphoreSlim _once = new(1);
    private bool _ready;

    /// <exception cref="TransientFailureException">The context's own tables, or columns of them, are not there yet.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        await _once.WaitAsync(cancellationToken);
        try
        {
            if (_ready)
                return;
            if (upgrades.Any(upgrade => upgrade.ContextType == typeof(TDbContext) && !upgrade.Done.IsCompletedSuccessfully))
                throw new TransientFailureException($"The tables of {typeof(TDbContext).Name} are not made or upgraded yet.");
            if (!await outbox.Store.OwnTablesExistAsync(cancellationToken))
                throw new TransientFailureException($"The tables of {typeof(TDbContext).Name} do not exist yet. Create them with EnsureCreated or Migrate.");
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
            if (await new SchemaUpgrade(context).FirstMissingAsync(cancellationToken) is { } missing)
                throw new TransientFailureException($"{missing} of {typeof(TDbContext).Name} does not exist yet. Upgrade its tables with EnsureTablesAsync or Migrate.");
            await outbox.Store.CreateSchemaAsync(cancellationToken);
            await parts.Store.CreateSchemaAsync(context, cancellationToken);
            await parts.History.CreateSchemaAsync(context, cancellationToken);
            await KnownTenantTable.CreateSchemaAsync(context, cancellationToken);
            foreach (var saga in sagas.Where(saga => saga.ContextType == typeof(TDbContext)))
            {
                saga.Validate(context);
                parts.SagaConsumers[saga.Saga] = await parts.Store.RegisterAsync(context, SagaCheck.ConsumerOf(saga.Saga), cancellationToken);
            }

            _ready = true;
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();
}

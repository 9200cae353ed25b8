using MassTransit;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>
/// Keeps a saga's instances in a context. In an endpoint of the rider the micro-batch's transaction is joined and nothing is
/// written before its end; elsewhere each event has a transaction of its own.
/// </summary>
internal sealed class SagaRepository<TSaga, TDbContext>(
    TDbContext context,
    SagaStore<TDbContext> store,
    SagaInstances<TSaga> instances,
    SagaUnit unit,
    SagaRepositoryOptions<TSaga> options,
    TimeProvider time) : ISagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>, ISagaPreloading
    where TSaga : class, ISaga
    where TDbContext : DbContext
{
    public void Probe(ProbeContext probe)
    {
        probe.Add("persistence", "phantomsync");
        probe.Add("context", typeof(TDbContext).Name);
        probe.Add("concurrency", options.ConcurrencyMode.ToString());
    }

    public Task PreloadAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken) =>
        ReferenceEquals(unit.Batch, context) ? instances.LoadAsync(context, store, ids, cancellationToken) : Task.CompletedTask;

    public Task Send<T>(ConsumeContext<T> consumeContext, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class =>
        InTransactionAsync(consumeContext, async () =>
        {
            var saga = Context(consumeContext);
            await HandleAsync(() => next.Send(saga));
            if (!saga.Met && !saga.WasRead && consumeContext.CorrelationId is { } id && !instances.IsFinished(id))
                OnMissing(consumeContext, $"with CorrelationId {id}");
        });

    public Task SendQuery<T>(ConsumeContext<T> consumeContext, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class =>
        InTransactionAsync(consumeContext, async () =>
        {
            // The database must know what earlier events of this transaction have changed.
            await unit.SaveAsync(context, store, consumeContext.CancellationToken);
            var ids = await instances.QueryAsync(context, query, consumeContext.CancellationToken);
            await instances.LoadAsync(context, store, ids.Order(), consumeContext.CancellationToken);
            var saga = Context(consumeContext);
            var found = ids.Select(instances.Find).OfType<TSaga>().ToList();
            await HandleAsync(() => next.Send(new LoadedSagaRepositoryQueryContext<TSaga, T>(saga, found)));
            if (found.Count == 0 && !saga.Met && !saga.WasRead)
                OnMissing(consumeContext, $"where {query.FilterExpression.Body}");
        });

    public async Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class => await asyncMethod(new SagaReader<TSaga>(context, cancellationToken));

    public async Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class => await asyncMethod(new SagaReader<TSaga>(context, cancellationToken));

    private SagaInstanceContext<TSaga, T> Context<T>(ConsumeContext<T> consumeContext)
        where T : class => new(consumeContext, context, store, instances, unit, options, time);

    private async Task HandleAsync(Func<Task> handle)
    {
        unit.ThrowIfFailed();
        try
        {
            await handle();
        }
        catch (SagaFinishedException)
        {
            // A late event of an instance that has ended: it is done with.
        }
        catch (Exception exception)
        {
            unit.Fail(exception);
            throw;
        }
    }

    private void OnMissing<T>(ConsumeContext<T> consumeContext, string which)
        where T : class
    {
        // A timeout or a response for an instance that is gone is stale; there is nothing that it could be lost to.
        if (consumeContext.RequestId is not null || consumeContext.GetSchedulingTokenId() is not null)
            return;
        if (options.MissingOf(typeof(T)) == MissingInstancePolicy.DeadLetter)
            throw new SetAsideException($"{typeof(TSaga).Name}: there is no instance {which}, and {typeof(T).Name} cannot start one. Replay it when the instance exists.");
    }

    private async Task InTransactionAsync(ConsumeContext consumeContext, Func<Task> handle)
    {
        if (unit.Batch is { } batch)
        {
            if (!ReferenceEquals(batch, context))
            {
                throw new InvalidOperationException(
                    $"{typeof(TSaga).Name} is kept in {typeof(TDbContext).Name}, but its endpoint works with {batch.GetType().Name}. Add the saga to a service of its own context: rider.AddService<{typeof(TDbContext).Name}>(…).");
            }

            await handle();
            return;
        }

        await store.ReadyAsync(consumeContext.CancellationToken);
        await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = context.Database.CurrentTransaction is null
                ? await context.Database.BeginTransactionAsync(options.IsolationLevel, consumeContext.CancellationToken)
                : null;
            await handle();
            await unit.SaveAsync(context, store, consumeContext.CancellationToken);
            if (transaction is not null)
                await transaction.CommitAsync(consumeContext.CancellationToken);
        });
    }
}

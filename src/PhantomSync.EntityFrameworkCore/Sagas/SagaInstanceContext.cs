using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>One message on its way to the instances of a saga.</summary>
internal sealed class SagaInstanceContext<TSaga, TMessage>(
    ConsumeContext<TMessage> consumeContext,
    DbContext context,
    ISagaStore store,
    SagaInstances<TSaga> instances,
    SagaUnit unit,
    SagaRepositoryOptions<TSaga> options,
    TimeProvider time) : ConsumeContextScope<TMessage>(consumeContext), SagaRepositoryContext<TSaga, TMessage>
    where TSaga : class, ISaga
    where TMessage : class
{
    private readonly ConsumeContext<TMessage> _consumeContext = consumeContext;

    private PropertyValues? _before;

    /// <summary>Whether an instance was found or made.</summary>
    public bool Met { get; private set; }

    /// <summary>Whether anyone looked at the message on the way of those that have no instance: a pipe of <c>OnMissingInstance</c>.</summary>
    public bool WasRead { get; private set; }

    TMessage ConsumeContext<TMessage>.Message
    {
        get
        {
            WasRead = true;
            return Message;
        }
    }

    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance)
    {
        if (instances.IsFinished(instance.CorrelationId))
            throw new SagaFinishedException();
        Met = true;
        return CreateSagaConsumeContext(_consumeContext, instance, SagaConsumeContextMode.Add);
    }

    public async Task<SagaConsumeContext<TSaga, TMessage>> Insert(TSaga instance)
    {
        var id = instance.CorrelationId;
        await instances.LoadAsync(context, store, [id], CancellationToken);
        if (instances.Find(id) is not null || instances.IsFinished(id))
            return null!;
        await Save(instance);
        Met = true;
        return await CreateSagaConsumeContext(_consumeContext, instance, SagaConsumeContextMode.Insert);
    }

    public async Task<SagaConsumeContext<TSaga, TMessage>> Load(Guid correlationId)
    {
        await instances.LoadAsync(context, store, [correlationId], CancellationToken);
        if (instances.Find(correlationId) is not { } instance)
            return null!;
        Met = true;

        // A read-only event leaves what earlier events of this transaction have changed, and not saved yet.
        _before = instances.IsChanged(correlationId) ? context.Entry(instance).CurrentValues.Clone() : null;
        return await CreateSagaConsumeContext(_consumeContext, instance, SagaConsumeContextMode.Load);
    }

    public async Task Save(SagaConsumeContext<TSaga> context)
    {
        await Save(context.Saga);
        Note(context, finished: false);
    }

    public Task Update(SagaConsumeContext<TSaga> context)
    {
        Note(context, finished: false);
        return Task.CompletedTask;
    }

    public Task Delete(SagaConsumeContext<TSaga> sagaContext)
    {
        context.Remove(sagaContext.Saga);
        Note(sagaContext, finished: true);
        return Task.CompletedTask;
    }

    public Task Discard(SagaConsumeContext<TSaga> context)
    {
        // Finished with its first event; or that has failed, and then nothing of this scope is saved.
        if (context.IsCompleted)
            Note(context, finished: true);
        return Task.CompletedTask;
    }

    public Task Undo(SagaConsumeContext<TSaga> sagaContext)
    {
        var entry = context.Entry(sagaContext.Saga);
        entry.CurrentValues.SetValues(_before ?? entry.OriginalValues);
        return Task.CompletedTask;
    }

    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(ConsumeContext<T> consumeContext, TSaga instance, SagaConsumeContextMode mode)
        where T : class
    {
        var saga = new DefaultSagaConsumeContext<TSaga, T>(consumeContext, instance);
        saga.GetOrAddPayload(() => new TransitionNote());
        return Task.FromResult<SagaConsumeContext<TSaga, T>>(saga);
    }

    private Task Save(TSaga instance)
    {
        context.Add(instance);
        instances.Added(instance);
        return Task.CompletedTask;
    }

    private void Note(SagaConsumeContext<TSaga> sagaContext, bool finished)
    {
        var saga = sagaContext.Saga;
        var isNoted = sagaContext.TryGetPayload<TransitionNote>(out var note) && note.Event is not null && !note.IsStale;

        // What a state machine ignores leaves the instance as it was.
        if (saga is SagaStateMachineInstance && !isNoted && !finished)
            return;
        instances.Changed(saga.CorrelationId);
        if (saga is ISagaVersion versioned)
            versioned.Version++;
        if (finished)
        {
            instances.Removed(saga.CorrelationId);
            if (options.RememberFinished)
                unit.Finish(SagaInstances<TSaga>.Name, saga.CorrelationId);
        }

        if (!isNoted)
            return;
        unit.Add(new SagaTransition(
            SagaInstances<TSaga>.Name,
            saga.CorrelationId,
            0,
            TryGetPayload<ReceivedMessage>(out var received) ? received.Envelope.TenantId : "",
            note!.From ?? "",
            note.To ?? "",
            note.Event!,
            MessageId,
            time.GetUtcNow(),
            finished));
    }
}

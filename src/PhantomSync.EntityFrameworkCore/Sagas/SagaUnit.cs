using System.Runtime.ExceptionServices;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>
/// What the sagas of a scope have still to write: in an endpoint a micro-batch's worth, elsewhere one event's. It is written
/// once, with the instances, in their transaction.
/// </summary>
internal sealed class SagaUnit
{
    private readonly List<SagaTransition> _transitions = [];
    private readonly List<(string Saga, Guid Id)> _finished = [];
    private readonly List<Guid> _cancelled = [];
    private ExceptionDispatchInfo? _failure;

    /// <summary>The context whose transaction an endpoint has opened and will commit; null elsewhere.</summary>
    public DbContext? Batch { get; private set; }

    public void Join(DbContext batch) => Batch = batch;

    public void Add(SagaTransition transition) => _transitions.Add(transition);

    public void Finish(string saga, Guid id) => _finished.Add((saga, id));

    /// <summary>Takes back what was scheduled: at once if this scope scheduled it, else with the rest.</summary>
    public void Cancel(DbContext context, Guid token)
    {
        if (!PendingMessages.Of(context).Remove(context, token))
            _cancelled.Add(token);
    }

    /// <summary>
    /// An instance has failed halfway and its state in memory is neither old nor new. Nothing of this scope may be saved, and a
    /// retry inside it would only see the same state.
    /// </summary>
    public void Fail(Exception exception) => _failure ??= ExceptionDispatchInfo.Capture(exception);

    public void ThrowIfFailed() => _failure?.Throw();

    /// <summary>Writes everything, the context's changes among it.</summary>
    public async Task SaveAsync(DbContext context, ISagaStore? store, CancellationToken cancellationToken)
    {
        ThrowIfFailed();
        if (_cancelled.Count > 0)
        {
            await context.CancelScheduledAsync([.. _cancelled], cancellationToken);
            _cancelled.Clear();
        }

        await SaveChangesAsync(context, cancellationToken);
        await PendingMessages.Of(context).WriteAsync(context, cancellationToken);
        if (_transitions.Count == 0 && _finished.Count == 0)
            return;
        await store!.WriteAsync(context, _transitions, _finished, cancellationToken);
        _transitions.Clear();
        _finished.Clear();
    }

    private static async Task SaveChangesAsync(DbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation
            && context.Model.GetEntityTypes().Any(type => type.ClrType.IsAssignableTo(typeof(ISaga)) && type.FindPrimaryKey()?.GetName() == violation.ConstraintName))
        {
            throw new TransientFailureException("Another transaction has started the same saga instance; the event finds it there when it is tried again.", exception);
        }
    }
}

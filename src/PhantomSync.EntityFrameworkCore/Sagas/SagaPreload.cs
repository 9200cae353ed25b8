using MassTransit;
using MassTransit.Middleware;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>
/// Reads the instances of a whole micro-batch with one query: the state machine's own correlations say which they are. Events
/// that are correlated by a query find theirs when their turn comes.
/// </summary>
internal sealed class SagaPreload<TSaga> : IBatchPreparation
    where TSaga : class, SagaStateMachineInstance
{
    private readonly List<Correlate> _correlations;

    public SagaPreload(SagaStateMachine<TSaga> machine) =>
        _correlations = [.. machine.Correlations.Where(correlation => !correlation.DataType.IsValueType).Select(Of).OfType<Correlate>()];

    /// <summary>The id of the instance that a message is for; null where the message is not of its type.</summary>
    private delegate Task<Guid?> Correlate(ConsumeContext context);

    public async Task PrepareAsync(IReadOnlyList<ConsumeContext> messages, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<ISagaRepositoryContextFactory<TSaga>>() is not ISagaPreloading repository)
            return;
        var ids = new HashSet<Guid>();
        foreach (var message in messages)
        {
            foreach (var correlate in _correlations)
            {
                if (await correlate(message) is { } id)
                    ids.Add(id);
            }
        }

        if (ids.Count > 0)
            await repository.PreloadAsync(ids.Order(), cancellationToken);
    }

    private static Correlate? Of(EventCorrelation correlation) =>
        (Correlate?)typeof(SagaPreload<TSaga>).GetMethod(nameof(ById), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(correlation.DataType).Invoke(null, [correlation]);

    private static Correlate? ById<T>(EventCorrelation<TSaga, T> correlation)
        where T : class
    {
        if (correlation.FilterFactory?.Invoke(NoRepository.Instance, correlation.Policy, Pipe.Empty<SagaConsumeContext<TSaga, T>>()) is not CorrelatedSagaFilter<TSaga, T>)
            return null;
        return async context =>
        {
            if (!context.TryGetMessage<T>(out var message))
                return null;
            if (correlation.MessageFilter is not { } filter)
                return message.CorrelationId;
            var found = new CorrelationPipe<T>();
            try
            {
                await filter.Send(message, found);
            }
            catch (Exception)
            {
                // A correlation that throws shows when the message's own turn comes.
                return null;
            }

            return found.CorrelationId;
        };
    }

    private sealed class CorrelationPipe<T> : IPipe<ConsumeContext<T>>
        where T : class
    {
        public Guid? CorrelationId { get; private set; }

        public Task Send(ConsumeContext<T> context)
        {
            CorrelationId = context.CorrelationId;
            return Task.CompletedTask;
        }

        public void Probe(ProbeContext context)
        {
        }
    }

    private sealed class NoRepository : ISagaRepository<TSaga>
    {
        public static readonly NoRepository Instance = new();

        public void Probe(ProbeContext context)
        {
        }

        public Task Send<T>(ConsumeContext<T> context, ISagaPolicy<TSaga, T> policy, IPipe<SagaConsumeContext<TSaga, T>> next)
            where T : class => throw new NotSupportedException("Only the kind of the filter is asked for.");

        public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, ISagaPolicy<TSaga, T> policy, IPipe<SagaConsumeContext<TSaga, T>> next)
            where T : class => throw new NotSupportedException("Only the kind of the filter is asked for.");
    }
}

using MassTransit;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>Notes for the history what the state machine does with a message.</summary>
internal sealed class TransitionObserver<TSaga> : IEventObserver<TSaga>
    where TSaga : class, SagaStateMachineInstance
{
    public async Task PreExecute(BehaviorContext<TSaga> context)
    {
        if (context.TryGetPayload<TransitionNote>(out var note))
            note.Begin(context.Event.Name, await StateOf(context));
    }

    public Task PreExecute<T>(BehaviorContext<TSaga, T> context)
        where T : class => PreExecute((BehaviorContext<TSaga>)context);

    public async Task PostExecute(BehaviorContext<TSaga> context)
    {
        if (context.TryGetPayload<TransitionNote>(out var note))
            note.End(await StateOf(context));
    }

    public Task PostExecute<T>(BehaviorContext<TSaga, T> context)
        where T : class => PostExecute((BehaviorContext<TSaga>)context);

    public Task ExecuteFault(BehaviorContext<TSaga> context, Exception exception) => Task.CompletedTask;

    public Task ExecuteFault<T>(BehaviorContext<TSaga, T> context, Exception exception)
        where T : class => Task.CompletedTask;

    private static async Task<string> StateOf(BehaviorContext<TSaga> context) => (await context.StateMachine.Accessor.Get(context)).Name;
}

using MassTransit;
using MassTransit.SagaStateMachine;

namespace PhantomSync.Sagas.Diagrams;

/// <summary>Walks through a state machine as it was configured and collects where each event may lead from each state.</summary>
internal sealed class TransitionVisitor<TSaga> : StateMachineVisitor
    where TSaga : class, SagaStateMachineInstance
{
    private readonly List<Transition> _transitions = [];
    private string _state = "";
    private string _event = "";

    public static IReadOnlyList<Transition> Read(StateMachine<TSaga> machine)
    {
        var visitor = new TransitionVisitor<TSaga>();
        machine.Accept(visitor);
        return visitor._transitions;
    }

    public void Visit(State state, Action<State> next)
    {
        _state = state.Name;
        next(state);
    }

    public void Visit(Event @event, Action<Event> next)
    {
        _event = @event.Name;
        next(@event);
    }

    public void Visit<TData>(Event<TData> @event, Action<Event<TData>> next)
        where TData : class
    {
        _event = @event.Name;
        next(@event);
    }

    public void Visit(IStateMachineActivity activity) => Visit(activity, _ => { });

    public void Visit(IStateMachineActivity activity, Action<IStateMachineActivity> next)
    {
        if (activity is TransitionActivity<TSaga> transition)
            _transitions.Add(new Transition(_state, _event, transition.ToState.Name));
        next(activity);
    }

    public void Visit<T>(IBehavior<T> behavior)
        where T : class, SagaStateMachineInstance => Visit(behavior, _ => { });

    public void Visit<T>(IBehavior<T> behavior, Action<IBehavior<T>> next)
        where T : class, SagaStateMachineInstance => next(behavior);

    public void Visit<T, TData>(IBehavior<T, TData> behavior)
        where T : class, SagaStateMachineInstance
        where TData : class => Visit(behavior, _ => { });

    public void Visit<T, TData>(IBehavior<T, TData> behavior, Action<IBehavior<T, TData>> next)
        where T : class, SagaStateMachineInstance
        where TData : class => next(behavior);
}

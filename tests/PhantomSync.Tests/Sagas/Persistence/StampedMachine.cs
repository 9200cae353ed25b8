using MassTransit;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>Counts notes from two topics, which may come through two hosts at once.</summary>
public sealed class StampedMachine : MassTransitStateMachine<StampedState>
{
    public StampedMachine()
    {
        InstanceState(state => state.CurrentState);
        Event(() => Noted, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => PaymentNote, e => e.CorrelateById(context => context.Message.OrderId));
        Initially(
            When(Noted).Then(context => context.Saga.Notes++).TransitionTo(Open),
            When(PaymentNote).Then(context => context.Saga.Notes++).TransitionTo(Open));
        During(
            Open,
            When(Noted).Then(context => context.Saga.Notes++),
            When(PaymentNote).Then(context => context.Saga.Notes++));
    }

    public State Open { get; private set; } = null!;

    public Event<OrderNoted> Noted { get; private set; } = null!;

    public Event<PaymentNoted> PaymentNote { get; private set; } = null!;
}

using MassTransit;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>An order waits for its payment, half an hour long, and is then packed.</summary>
public sealed class OrderMachine : MassTransitStateMachine<OrderState>
{
    public OrderMachine()
    {
        InstanceState(order => order.CurrentState);
        Event(() => Placed, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => Noted, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => Paid, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => Imported, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => PaymentNote, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => Packed, e => e.CorrelateBy(order => order.Number, context => context.Message.Number));
        Schedule(() => PaymentTimeout, order => order.PaymentToken, timeout =>
        {
            timeout.Delay = TimeSpan.FromMinutes(30);
            timeout.Received = e => e.CorrelateById(context => context.Message.OrderId);
        });

        Initially(
            When(Placed)
                .Then(context => context.Saga.Number = context.Message.Number)
                .Schedule(PaymentTimeout, context => new PaymentTimedOut(context.Saga.CorrelationId))
                .TransitionTo(AwaitingPayment),
            When(Imported)
                .Then(context => context.Saga.Number = context.Message.Number)
                .Schedule(PaymentTimeout, context => new PaymentTimedOut(context.Saga.CorrelationId))
                .TransitionTo(AwaitingPayment));
        During(
            AwaitingPayment,
            Ignore(Placed),
            Ignore(Imported),
            Ignore(Packed),
            When(Paid)
                .Unschedule(PaymentTimeout)
                .TransitionTo(Packing),
            When(PaymentTimeout.Received)
                .Publish(context => new OrderClosed { OrderId = context.Saga.CorrelationId, Outcome = "timed out" })
                .Finalize());
        During(
            Packing,
            Ignore(Placed),
            Ignore(Imported),
            Ignore(Paid),
            When(Packed)
                .Publish(context => new OrderClosed { OrderId = context.Saga.CorrelationId, Outcome = "packed" })
                .Finalize());
        DuringAny(
            When(Noted)
                .Then(context => context.Saga.Notes += context.Message.Note),
            When(PaymentNote)
                .Then(context => context.Saga.Notes += context.Message.Note));
        SetCompletedWhenFinalized();
    }

    public State AwaitingPayment { get; private set; } = null!;

    public State Packing { get; private set; } = null!;

    public Event<OrderPlaced> Placed { get; private set; } = null!;

    public Event<OrderImported> Imported { get; private set; } = null!;

    public Event<PaymentNoted> PaymentNote { get; private set; } = null!;

    public Event<OrderNoted> Noted { get; private set; } = null!;

    public Event<OrderPaid> Paid { get; private set; } = null!;

    public Event<OrderPacked> Packed { get; private set; } = null!;

    public Schedule<OrderState, PaymentTimedOut> PaymentTimeout { get; private set; } = null!;
}

/// <summary>No event of the catalogue: the saga tells it to itself.</summary>
public sealed record PaymentTimedOut(Guid OrderId);

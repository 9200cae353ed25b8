using MassTransit;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>Asks for the stock, waits for two things, and uses what else state machines offer.</summary>
public sealed class ParcelMachine : MassTransitStateMachine<ParcelState>
{
    public ParcelMachine()
    {
        InstanceState(parcel => parcel.CurrentState);
        Event(() => Placed, e =>
        {
            e.CorrelateById(context => context.Message.OrderId);
            e.InsertOnInitial = true;
            e.SetSagaFactory(context => new ParcelState { CorrelationId = context.Message.OrderId, Number = $"made-{context.Message.Number}" });
        });
        Event(() => Noted, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => Paid, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => PaymentNote, e =>
        {
            e.CorrelateById(context => context.Message.OrderId);
            e.ReadOnly = true;
        });
        Event(() => Packed, e =>
        {
            e.CorrelateBy((parcel, context) => parcel.Number == context.Message.Number);
            e.SelectId(context => context.Message.OrderId);
            e.OnMissingInstance(missing => missing.ExecuteAsync(context => context.Publish(new OrderClosed { OrderId = context.Message.OrderId, Outcome = "unknown" })));
        });
        Request(() => Stock, parcel => parcel.StockRequest, request => request.Timeout = TimeSpan.FromMinutes(10));
        CompositeEvent(() => Complete, parcel => parcel.Ready, Noted, Paid);

        Initially(
            When(Placed)
                .Request(Stock, context => new CheckStock { OrderId = context.Saga.CorrelationId })
                .TransitionTo(Stock.Pending));
        During(
            Stock.Pending,
            When(Stock.Completed)
                .IfElse(
                    context => context.Message.Available,
                    available => available.TransitionTo(Open),
                    gone => gone.Publish(context => new OrderClosed { OrderId = context.Saga.CorrelationId, Outcome = "out of stock" }).Finalize()),
            When(Stock.TimeoutExpired)
                .Publish(context => new OrderClosed { OrderId = context.Saga.CorrelationId, Outcome = "no answer" })
                .TransitionTo(Stuck));
        During(
            Open,
            When(Noted).Then(context =>
            {
                context.Saga.Notes += context.Message.Note;
                if (context.Message.Note == "bad")
                    throw new InvalidOperationException("a bad note");
                if (context.Message.Note == "odd")
                    throw new ArithmeticException("an odd note");
            })
            .Catch<ArithmeticException>(odd => odd.TransitionTo(Stuck)),
            When(Paid).Send(new Uri("topic:any"), context => new OrderClosed { OrderId = context.Saga.CorrelationId, Outcome = "sent" }),
            When(PaymentNote).Then(context => context.Saga.Notes += "read only"),
            When(Complete).TransitionTo(Done));
    }

    public State Open { get; private set; } = null!;

    public State Stuck { get; private set; } = null!;

    public State Done { get; private set; } = null!;

    public Event<OrderPlaced> Placed { get; private set; } = null!;

    public Event<OrderNoted> Noted { get; private set; } = null!;

    public Event<PaymentNoted> PaymentNote { get; private set; } = null!;

    public Event<OrderPaid> Paid { get; private set; } = null!;

    public Event<OrderPacked> Packed { get; private set; } = null!;

    public Event Complete { get; private set; } = null!;

    public Request<ParcelState, CheckStock, StockChecked> Stock { get; private set; } = null!;
}

/// <summary>Answers requests, as a plain consumer.</summary>
public sealed class StockKeeper : IConsumer<CheckStock>
{
    public static Guid Nothing { get; } = Guid.Parse("00000000-0000-0000-0000-00000000dead");

    public Task Consume(ConsumeContext<CheckStock> context) =>
        context.RespondAsync(new StockChecked { OrderId = context.Message.OrderId, Available = context.Message.OrderId != Nothing });
}

using System.Linq.Expressions;
using MassTransit;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>A classic saga: a class that handles its messages itself, without a state machine.</summary>
public sealed class VisitSaga : ISaga, InitiatedBy<VisitBegun>, Orchestrates<VisitEnded>, Observes<OrderNoted, VisitSaga>
{
    public Guid CorrelationId { get; set; }

    public string Notes { get; set; } = "";

    public bool Ended { get; set; }

    public Expression<Func<VisitSaga, OrderNoted, bool>> CorrelationExpression => (visit, note) => visit.CorrelationId == note.OrderId && !visit.Ended;

    public Task Consume(ConsumeContext<VisitBegun> context)
    {
        Notes = "begun";
        return context.Publish(new OrderClosed { OrderId = CorrelationId, Outcome = "visited" });
    }

    public Task Consume(ConsumeContext<OrderNoted> context)
    {
        Notes += $" {context.Message.Note}";
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<VisitEnded> context)
    {
        Ended = true;
        return Task.CompletedTask;
    }
}

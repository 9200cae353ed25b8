using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>How sagas are put together.</summary>
public abstract partial class SagaContract
{
    [Fact, Trait("row", "S19.15")]
    public async Task Two_sagas_of_one_service_follow_the_same_events_and_the_end_of_one_is_not_the_others()
    {
        var bed = await StartAsync(plan => plan.Service = service => service
            .Consumer<StockKeeper>()
            .Saga<ParcelMachine, ParcelState>(saga => saga.EntityFrameworkRepository(repository => repository.ConcurrencyMode = Mode)));
        var id = NewOrder;
        await bed.ProduceAsync(Placed(id));
        await ParcelHistoryAsync(bed, id, 2);
        await bed.HistoryAsync(id, 1);
        await bed.ProduceAsync(new OrderPaid { OrderId = id });
        await bed.HistoryAsync(id, 2);
        await bed.ProduceAsync(new OrderPacked { OrderId = id, Number = $"no-{id}" });
        (await bed.HistoryAsync(id, 3)).ShouldBe(["Initial Placed AwaitingPayment", "AwaitingPayment Paid Packing", "Packing Packed Final"]);
        (await bed.OrderAsync(id)).ShouldBeNull();

        await bed.ProduceAsync(new OrderNoted { OrderId = id, Note = "late" });
        (await ParcelHistoryAsync(bed, id, 4)).ShouldBe(
            ["Initial Placed Stock.Pending", "Stock.Pending Stock.Completed Open", "Open Paid Open", "Open Noted Done"]);
        (await bed.HistoryAsync(id, 3)).Count.ShouldBe(3);
        (await bed.OrderAsync(id)).ShouldBeNull("it started no second order");
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task The_query_that_loads_instances_is_the_users_to_change()
    {
        var (hidden, seen) = (NewOrder, NewOrder);
        var number = $"no-{hidden}";
        var bed = await StartAsync(plan => plan.Repository = repository => repository.CustomizeQuery(orders => orders.Where(order => order.Number != number)));
        await bed.ProduceAsync(Placed(hidden), Placed(seen));
        await bed.HistoryAsync(hidden, 1);
        await bed.HistoryAsync(seen, 1);
        await bed.ProduceAsync(new OrderNoted { OrderId = hidden, Note = "n" }, new OrderNoted { OrderId = seen, Note = "n" });
        (await bed.HistoryAsync(seen, 2))[1].ShouldBe("AwaitingPayment Noted AwaitingPayment");
        (await bed.LetterAsync()).Reason.ShouldContain("OrderNoted");
        (await bed.OrderAsync(hidden)).ShouldNotBeNull().Notes.ShouldBe("");
    }

    [Fact, Trait("row", "S19.15")]
    public void A_repository_can_bring_its_context_along()
    {
        var services = new ServiceCollection();
        services.AddMassTransit(bus => bus.AddSagaStateMachine<OrderMachine, OrderState>().EntityFrameworkRepository(repository => repository.AddDbContext<ShopContext>(Store.Use)));
        using var provider = services.BuildServiceProvider();
        using var scope = provider.CreateScope();
        scope.ServiceProvider.GetRequiredService<ShopContext>().Database.IsNpgsql().ShouldBe(Store.IsPostgres);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task A_classic_saga_is_kept_like_a_state_machine()
    {
        var bed = await StartAsync(plan =>
        {
            plan.Orders = false;
            plan.Rider = rider => rider.AddSaga<VisitSaga>().EntityFrameworkRepository(repository => repository.ExistingDbContext<ShopContext>());
            plan.Service = service => service.Endpoint((context, endpoint) => endpoint.ConfigureSaga<VisitSaga>(context));
        });
        var (id, other) = (NewOrder, NewOrder);
        await bed.ProduceAsync(
            new VisitBegun { OrderId = id }, new VisitBegun { OrderId = other }, new OrderNoted { OrderId = id, Note = "a" }, new OrderNoted { OrderId = id, Note = "b" }, new VisitEnded { OrderId = id });
        await Wait.ForAsync(async () => (await VisitAsync(bed, id))?.Ended == true, () => Task.FromResult("the visit has ended"), 20);
        (await VisitAsync(bed, id)).ShouldNotBeNull().Notes.ShouldBe("begun a b");
        (await VisitAsync(bed, other)).ShouldNotBeNull().ShouldSatisfyAllConditions(visit => visit.Notes.ShouldBe("begun"), visit => visit.Ended.ShouldBeFalse());
        (await bed.EventsAsync(ShopEvents.Answers, 2)).Cast<OrderClosed>().Select(closed => closed.OrderId).ShouldBe([id, other], ignoreOrder: true);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task The_database_can_be_who_counts_the_changes_of_an_instance()
    {
        using var cluster = new MockCluster();
        void Plan(ShopPlan plan)
        {
            (plan.Cluster, plan.Partitions, plan.Orders) = (cluster, 2, false);
            plan.Service = service => service.Saga<StampedMachine, StampedState>(saga => saga.EntityFrameworkRepository(repository =>
                repository.ConcurrencyMode = Store.IsPostgres ? Mode : ConcurrencyMode.Pessimistic));
        }

        var bed = await StartAsync(Plan);
        await StartAsync(Plan);
        var ids = Enumerable.Range(0, 8).Select(_ => NewOrder).ToList();
        await Task.WhenAll(
            bed.FloodAsync(Enumerable.Range(0, 20).SelectMany(note => ids.Select(id => new OrderNoted { OrderId = id, Note = $"{note}" }))),
            bed.FloodAsync(Enumerable.Range(0, 20).SelectMany(note => ids.Select(id => new PaymentNoted { OrderId = id, Note = $"{note}" }))));
        Task<List<int>> NotesAsync() => bed.ReadAsync(shop => shop.Set<StampedState>().Select(state => state.Notes).ToListAsync(Cancel));
        await Wait.ForAsync(
            async () => (await NotesAsync()).Sum() >= 40 * ids.Count,
            async () => $"all notes are counted (now {string.Join(", ", await NotesAsync())}; log: {TestLog.Instance.Tail})",
            60);
        (await NotesAsync()).ShouldBe(Enumerable.Repeat(40, ids.Count));
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    private static Task<VisitSaga?> VisitAsync(ShopBed bed, Guid id) =>
        bed.ReadAsync(shop => shop.Set<VisitSaga>().AsNoTracking().SingleOrDefaultAsync(visit => visit.CorrelationId == id, Cancel));
}

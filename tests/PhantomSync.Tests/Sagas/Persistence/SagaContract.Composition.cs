using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore;
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
}

using MassTransit;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>What else state machines offer.</summary>
public abstract partial class SagaContract
{
    [Fact, Trait("row", "S19.15")]
    public async Task A_request_is_answered_over_Kafka()
    {
        var bed = await ParcelsAsync(service => service.Consumer<StockKeeper>());
        var id = NewOrder;
        await bed.ProduceAsync(Placed(id), Placed(StockKeeper.Nothing));
        (await ParcelHistoryAsync(bed, id, 2)).ShouldBe(["Initial Placed Stock.Pending", "Stock.Pending Stock.Completed Open"]);
        (await ParcelHistoryAsync(bed, StockKeeper.Nothing, 2))[1].ShouldBe("Stock.Pending Stock.Completed Final");
        var parcel = (await ParcelAsync(bed, id)).ShouldNotBeNull();
        parcel.Number.ShouldBe($"made-no-{id}");
        parcel.StockRequest.ShouldBeNull();
        (await bed.CountAsync("outbox_queue", "state = 3")).ShouldBe(0, "the requests' timeouts are taken back");
    }

    [Fact, Trait("row", "S19.15")]
    public async Task A_request_without_an_answer_times_out_and_an_answer_after_that_is_stale()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var bed = await ParcelsAsync(time: clock);
        var id = NewOrder;
        await bed.ProduceAsync(Placed(id));
        await ParcelHistoryAsync(bed, id, 1);
        await bed.PassAsync(TimeSpan.FromMinutes(10), async () => (await ParcelAsync(bed, id))?.CurrentState == "Stuck", "the request times out");
        (await ParcelHistoryAsync(bed, id, 2))[1].ShouldBe("Stock.Pending Stock.TimeoutExpired Stuck");
    }

    [Fact, Trait("row", "S19.15")]
    public async Task A_composite_event_comes_when_all_its_parts_have()
    {
        var bed = await OpenParcelAsync();
        await bed.Bed.ProduceAsync(new OrderPaid { OrderId = bed.Id });
        await ParcelHistoryAsync(bed.Bed, bed.Id, 3);
        await bed.Bed.ProduceAsync(new OrderNoted { OrderId = bed.Id, Note = "n" });
        (await ParcelHistoryAsync(bed.Bed, bed.Id, 4))[3].ShouldBe("Open Noted Done");
        var closed = (await bed.Bed.EventsAsync(ShopEvents.Answers, 3)).OfType<OrderClosed>().ShouldHaveSingleItem();
        closed.Outcome.ShouldBe("sent");
    }

    [Fact, Trait("row", "S19.15")]
    public async Task An_activity_that_throws_leaves_the_instance_as_it_was()
    {
        var bed = await OpenParcelAsync();
        await bed.Bed.ProduceAsync(new OrderNoted { OrderId = bed.Id, Note = "bad" });
        (await bed.Bed.LetterAsync()).Reason.ShouldBe("a bad note");
        (await ParcelAsync(bed.Bed, bed.Id)).ShouldNotBeNull().ShouldSatisfyAllConditions(
            parcel => parcel.Notes.ShouldBe(""), parcel => parcel.CurrentState.ShouldBe("Open"), parcel => parcel.Version.ShouldBe(2));
    }

    [Fact, Trait("row", "S19.15")]
    public async Task What_the_machine_catches_is_a_transition()
    {
        var bed = await OpenParcelAsync();
        await bed.Bed.ProduceAsync(new OrderNoted { OrderId = bed.Id, Note = "odd" });
        (await ParcelHistoryAsync(bed.Bed, bed.Id, 3))[2].ShouldBe("Open Noted Stuck");
        (await ParcelAsync(bed.Bed, bed.Id)).ShouldNotBeNull().CurrentState.ShouldBe("Stuck");
    }

    [Fact, Trait("row", "S19.15")]
    public async Task A_read_only_event_changes_nothing()
    {
        var bed = await OpenParcelAsync();
        await bed.Bed.ProduceAsync(new PaymentNoted { OrderId = bed.Id, Note = "x" });
        await bed.Bed.ProduceAsync(new OrderNoted { OrderId = bed.Id, Note = "odd" });
        await ParcelHistoryAsync(bed.Bed, bed.Id, 3);
        var inbox = Store.IsPostgres ? "inbox" : "inbox_1";
        await Wait.ForAsync(async () => await bed.Bed.CountAsync(inbox) == 5, async () => $"five events are handled, there are {await bed.Bed.CountAsync(inbox)}");
        (await ParcelAsync(bed.Bed, bed.Id)).ShouldNotBeNull().Notes.ShouldBe("odd");
    }

    [Fact, Trait("row", "S19.15")]
    public async Task What_the_machine_says_of_missing_instances_is_done()
    {
        var bed = await ParcelsAsync();
        await bed.ProduceAsync(new OrderPacked { OrderId = NewOrder, Number = "no such" });
        (await bed.EventsAsync(ShopEvents.Answers, 1)).ShouldHaveSingleItem().ShouldBeOfType<OrderClosed>().Outcome.ShouldBe("unknown");
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task Instances_can_be_looked_up_as_with_MassTransits_own_repositories()
    {
        var bed = await StartAsync();
        var id = NewOrder;
        await bed.ProduceAsync(Placed(id));
        await bed.HistoryAsync(id, 1);
        (await bed.Services.GetRequiredService<ILoadSagaRepository<OrderState>>().Load(id)).ShouldNotBeNull().Number.ShouldBe($"no-{id}");
        (await bed.Services.GetRequiredService<IQuerySagaRepository<OrderState>>().Find(new SagaQuery<OrderState>(order => order.CurrentState == "AwaitingPayment")))
            .ShouldBe([id]);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task A_state_that_is_not_mapped_as_it_must_be_is_refused_with_the_line_to_add()
    {
        (await Should.ThrowAsync<InvalidOperationException>(StartAsync(plan => (plan.Orders, plan.Rider) = (false, rider => Keep<ForeignState>(rider)))))
            .Message.ShouldContain("modelBuilder.AddSaga<ForeignState>()");
        (await Should.ThrowAsync<InvalidOperationException>(StartAsync(plan => (plan.Orders, plan.Rider) = (false, rider => Keep<BareState>(rider)))))
            .Message.ShouldContain("Let it implement ISagaVersion");
        Should.Throw<ConfigurationException>(() => new ServiceCollection().AddMassTransit(bus => bus.AddSagaStateMachine<OrderMachine, OrderState>().EntityFrameworkRepository(_ => { })))
            .Message.ShouldContain("r.ExistingDbContext<TDbContext>()");

        static void Keep<TState>(IRiderRegistrationConfigurator rider)
            where TState : class, SagaStateMachineInstance =>
            rider.AddSagaStateMachine<EmptyMachine<TState>, TState>().EntityFrameworkRepository(repository =>
            {
                repository.ConcurrencyMode = ConcurrencyMode.Optimistic;
                repository.ExistingDbContext<ShopContext>();
            });
    }

    private async Task<ShopBed> ParcelsAsync(Action<ServiceEndpointConfigurator>? more = null, TimeProvider? time = null) => await StartAsync(plan =>
    {
        plan.Orders = false;
        plan.Time = time ?? TimeProvider.System;
        plan.Service = service =>
        {
            service.Saga<ParcelMachine, ParcelState>(saga => saga.EntityFrameworkRepository(repository => repository.ConcurrencyMode = Mode));
            more?.Invoke(service);
        };
    });

    private async Task<(ShopBed Bed, Guid Id)> OpenParcelAsync(Action<ServiceEndpointConfigurator>? more = null)
    {
        var bed = await ParcelsAsync(service =>
        {
            service.Consumer<StockKeeper>();
            more?.Invoke(service);
        });
        var id = NewOrder;
        await bed.ProduceAsync(Placed(id));
        await ParcelHistoryAsync(bed, id, 2);
        return (bed, id);
    }

    private static Task<ParcelState?> ParcelAsync(ShopBed bed, Guid id) => bed.ReadAsync(async shop => await shop.FindAsync<ParcelState>([id], Cancel));

    private static async Task<List<string>> ParcelHistoryAsync(ShopBed bed, Guid id, int count)
    {
        List<string> steps = [];
        await Wait.ForAsync(
            async () => (steps = [.. (await bed.ReadAsync(shop => shop.SagaHistoryAsync<ParcelState>(id, Cancel))).Select(step => $"{step.From} {step.Event} {step.To}")]).Count >= count,
            async () => $"{count} transitions are there (now: {string.Join(", ", steps)}; {string.Join(" ", (await bed.EventsAsync(ShopEvents.Answers, 0)).Select(e => e.GetType().Name))}; waiting {await bed.CountAsync("outbox_message")}; log: {TestLog.Instance.Tail})");
        steps.Count.ShouldBe(count, string.Join(", ", steps));
        return steps;
    }

    private sealed class EmptyMachine<TState> : MassTransitStateMachine<TState>
        where TState : class, SagaStateMachineInstance;
}

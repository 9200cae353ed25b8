using MassTransit;
using Microsoft.Extensions.Time.Testing;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>What a saga's users rely on, on every store and in both modes.</summary>
public abstract partial class SagaContract : IAsyncLifetime
{
    private readonly List<ShopBed> _beds = [];

    protected LedgerStore Store { get; private set; } = null!;

    protected abstract ConcurrencyMode Mode { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Guid NewOrder => Guid.CreateVersion7();

    public async ValueTask InitializeAsync() => Store = await CreateStoreAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var bed in Enumerable.Reverse(_beds))
            await bed.DisposeAsync();
        Store?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task An_instance_goes_through_its_states_and_its_messages_leave()
    {
        var bed = await StartAsync();
        var id = NewOrder;
        await bed.ProduceAsync(Placed(id), new OrderNoted { OrderId = id, Note = "gift" });
        (await bed.HistoryAsync(id, 2)).ShouldBe(["Initial Placed AwaitingPayment", "AwaitingPayment Noted AwaitingPayment"]);
        (await bed.OrderAsync(id)).ShouldNotBeNull().ShouldSatisfyAllConditions(
            order => order.Notes.ShouldBe("gift"), order => order.Number.ShouldBe($"no-{id}"), order => order.PaymentToken.ShouldNotBeNull());
        await bed.ProduceAsync(new OrderPaid { OrderId = id });
        await bed.HistoryAsync(id, 3);
        (await bed.OrderAsync(id)).ShouldNotBeNull().ShouldSatisfyAllConditions(
            order => order.CurrentState.ShouldBe("Packing"), order => order.PaymentToken.ShouldBeNull(), order => order.Version.ShouldBe(3));
        await bed.ProduceAsync(new OrderPacked { OrderId = NewOrder, Number = $"no-{id}" });
        (await bed.HistoryAsync(id, 4)).ShouldBe(
            ["Initial Placed AwaitingPayment", "AwaitingPayment Noted AwaitingPayment", "AwaitingPayment Paid Packing", "Packing Packed Final"]);
        (await bed.OrderAsync(id)).ShouldBeNull();
        (await bed.EventsAsync(ShopEvents.Answers, 1)).ShouldHaveSingleItem().ShouldBeOfType<OrderClosed>().Outcome.ShouldBe("packed");
        (await bed.CountAsync("outbox_message")).ShouldBe(0);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task A_timeout_comes_back_to_its_instance_when_the_clock_says_so()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var bed = await StartAsync(plan => plan.Time = clock);
        var id = NewOrder;
        await bed.ProduceAsync(Placed(id));
        await bed.HistoryAsync(id, 1);
        clock.Advance(TimeSpan.FromMinutes(29));
        (await bed.CountAsync("outbox_queue", "state = 3")).ShouldBe(1);
        await bed.PassAsync(TimeSpan.FromMinutes(1), async () => (await bed.HistoryAsync(id)).Count == 2, "the order times out");
        (await bed.HistoryAsync(id, 2)).ShouldBe(["Initial Placed AwaitingPayment", "AwaitingPayment PaymentTimeout.Received Final"]);
        (await bed.OrderAsync(id)).ShouldBeNull();
    }

    protected abstract Task<LedgerStore> CreateStoreAsync();

    private static OrderPlaced Placed(Guid id) => new() { OrderId = id, Number = $"no-{id}" };

    /// <summary>A host that ends with the test.</summary>
    private async Task<ShopBed> StartAsync(Action<ShopPlan>? configure = null)
    {
        var plan = new ShopPlan { Mode = Mode };
        configure?.Invoke(plan);
        var bed = await ShopBed.StartAsync(Store, plan);
        _beds.Add(bed);
        return bed;
    }
}

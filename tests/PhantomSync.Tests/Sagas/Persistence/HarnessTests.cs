using MassTransit;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>MassTransit's own test harness, on its in-memory bus, with our repository.</summary>
public sealed class HarnessTests(PostgresServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Trait("row", "S19.15")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_harness_sees_a_saga_whose_events_have_a_transaction_each(bool postgres)
    {
        using var store = postgres ? await LedgerStore.PostgresAsync(server) : LedgerStore.Sqlite();
        await using var provider = new ServiceCollection()
            .AddSyncEvents(ShopEvents.Catalogue)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddMassTransitTestHarness(bus =>
            {
                bus.AddDbContext<ShopContext>(store.Use);
                bus.AddEntityFrameworkOutbox<ShopContext>(outbox =>
                {
                    outbox.RunRelay = false;
                    store.Use(outbox);
                });
                bus.AddSagaStateMachine<OrderMachine, OrderState>().EntityFrameworkRepository(repository =>
                {
                    repository.ConcurrencyMode = ConcurrencyMode.Optimistic;
                    repository.ExistingDbContext<ShopContext>();
                    repository.UsePostgres();
                });
                bus.AddDelayedMessageScheduler();
                bus.UsingInMemory((context, memory) =>
                {
                    memory.UseDelayedMessageScheduler();
                    memory.UseMessageRetry(retry => retry.Immediate(10));
                    memory.ConfigureEndpoints(context);
                });
            })
            .BuildServiceProvider(validateScopes: true);
        await using (var scope = provider.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<ShopContext>().EnsureTablesAsync(Cancel);
        var harness = provider.GetRequiredService<ITestHarness>();
        await harness.Start();
        var sagas = harness.GetSagaStateMachineHarness<OrderMachine, OrderState>();

        var id = Guid.CreateVersion7();
        await harness.Bus.Publish(new OrderPlaced { OrderId = id, Number = "7" }, Cancel);
        (await sagas.Exists(id, machine => machine.AwaitingPayment)).ShouldBe(id);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(note => harness.Bus.Publish(new OrderNoted { OrderId = id, Note = $"[{note}]" }, Cancel)));
        await harness.Bus.Publish(new OrderPaid { OrderId = id }, Cancel);
        (await sagas.Exists(id, machine => machine.Packing)).ShouldBe(id);
        await Wait.ForAsync(async () => (await OrderAsync(provider, id))?.Version == 12, "all events are applied");
        for (var note = 0; note < 10; note++)
            (await OrderAsync(provider, id)).ShouldNotBeNull().Notes.ShouldContain($"[{note}]");

        await harness.Bus.Publish(new OrderPacked { OrderId = id, Number = "7" }, Cancel);
        (await sagas.NotExists(id)).ShouldBeNull();
        (await harness.Published.Any<OrderClosed>(Cancel)).ShouldBeTrue();
        await using (var scope = provider.CreateAsyncScope())
            (await scope.ServiceProvider.GetRequiredService<ShopContext>().SagaHistoryAsync<OrderState>(id, Cancel)).Count.ShouldBe(13);
        await harness.Stop(Cancel);
    }

    private static async Task<OrderState?> OrderAsync(ServiceProvider provider, Guid id)
    {
        await using var scope = provider.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ShopContext>().Orders.AsNoTracking().SingleOrDefaultAsync(order => order.CorrelationId == id, Cancel);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>Missing instances, late and doubled events, concurrency, crashes.</summary>
public abstract partial class SagaContract
{
    [Fact, Trait("row", "S19.15")]
    public async Task An_event_before_its_start_waits_among_the_dead_letters_and_holds_up_nobody()
    {
        var bed = await StartAsync();
        var id = NewOrder;
        await bed.ProduceAsync(new OrderNoted { OrderId = id, Note = "early" }, Placed(id), new OrderNoted { OrderId = id, Note = "later" });
        await bed.HistoryAsync(id, 2);
        var letter = await bed.LetterAsync();
        letter.Reason.ShouldBe($"OrderState: there is no instance with CorrelationId {id}, and OrderNoted cannot start one. Replay it when the instance exists.");
        await bed.Services.GetRequiredService<DeadLetterBox>().RequestReplayAsync(letter.Id, new Operator("tests"), Cancel);
        await bed.HistoryAsync(id, 3);
        (await bed.OrderAsync(id)).ShouldNotBeNull().Notes.ShouldBe("laterearly");
    }

    [Fact, Trait("row", "S19.15")]
    public async Task An_event_without_instance_is_dropped_where_the_saga_says_so()
    {
        var bed = await StartAsync(plan => plan.Repository = repository => repository.MissingInstance<OrderNoted>(MissingInstancePolicy.Discard));
        var (dropped, kept) = (NewOrder, NewOrder);
        await bed.ProduceAsync(new OrderNoted { OrderId = dropped, Note = "nobody's" }, Placed(kept), new OrderPacked { OrderId = NewOrder, Number = "no such" });
        (await bed.LetterAsync()).EventType.ShouldBe("OrderPacked");
        await bed.HistoryAsync(kept, 1);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task A_late_event_starts_no_second_instance()
    {
        var bed = await StartAsync();
        var (id, other) = (NewOrder, NewOrder);
        await bed.ProduceAsync(Placed(id));
        await bed.HistoryAsync(id, 1);
        await bed.ProduceAsync(new OrderPaid { OrderId = id });
        await bed.HistoryAsync(id, 2);
        await bed.ProduceAsync(new OrderPacked { OrderId = id, Number = $"no-{id}" });
        await bed.HistoryAsync(id, 3);
        await bed.ProduceAsync(Placed(id), new OrderNoted { OrderId = id, Note = "late" }, Placed(other));
        await bed.HistoryAsync(other, 1);
        (await bed.OrderAsync(id)).ShouldBeNull();
        (await bed.HistoryAsync(id)).Count.ShouldBe(3);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task An_instance_that_finishes_within_one_batch_leaves_its_history_and_nothing_else()
    {
        // Everything is there before the host reads: one micro-batch per topic.
        using var cluster = new MockCluster();
        var first = await StartAsync(plan => (plan.Cluster, plan.Orders, plan.Service) = (cluster, false, service => service.Consumer<StockKeeper>()));
        var id = NewOrder;
        await first.ProduceAsync(Placed(id), new OrderNoted { OrderId = id, Note = "1" }, new OrderPacked { OrderId = id, Number = $"no-{id}" });
        await first.StopAsync();
        var bed = await StartAsync(plan => plan.Cluster = cluster);
        await bed.HistoryAsync(id, 2);
        await bed.ProduceAsync(new OrderPaid { OrderId = id });
        await bed.HistoryAsync(id, 3);
        (await bed.CountAsync("outbox_queue", "state = 3")).ShouldBe(0, "the timeout is taken back");
        (await bed.CountAsync("outbox_message")).ShouldBe(0);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task Ids_that_are_used_again_start_again_where_the_saga_says_so()
    {
        var bed = await StartAsync(plan => plan.Repository = repository => repository.RememberFinished = false);
        var id = NewOrder;
        for (var life = 1; life <= 2; life++)
        {
            await bed.ProduceAsync(Placed(id));
            await bed.HistoryAsync(id, (3 * life) - 2);
            await bed.ProduceAsync(new OrderPaid { OrderId = id });
            await bed.HistoryAsync(id, (3 * life) - 1);
            await bed.ProduceAsync(new OrderPacked { OrderId = id, Number = $"no-{id}" });
            await bed.HistoryAsync(id, 3 * life);
        }

        (await bed.HistoryAsync(id)).Select(step => step.Sequence).ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task What_is_delivered_again_changes_nothing()
    {
        var bed = await StartAsync();
        var id = NewOrder;
        ISyncEvent[] events = [Identified(Placed(id)), Identified(new OrderNoted { OrderId = id, Note = "a" }), Identified(new OrderNoted { OrderId = id, Note = "b" })];
        await bed.ProduceAsync(events);
        await bed.HistoryAsync(id, 3);
        await bed.ProduceAsync([.. events, .. events, new OrderNoted { OrderId = id, Note = "c" }]);
        (await bed.HistoryAsync(id, 4)).Count.ShouldBe(4);
        (await bed.OrderAsync(id)).ShouldNotBeNull().Notes.ShouldBe("abc");
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task Two_hosts_with_events_of_one_instance_end_as_if_they_had_taken_turns()
    {
        using var cluster = new MockCluster();
        ShopPlan Plan(ShopPlan plan)
        {
            (plan.Cluster, plan.Partitions) = (cluster, 2);
            return plan;
        }

        var first = await StartAsync(plan => Plan(plan));
        await StartAsync(plan => Plan(plan));
        var orders = Enumerable.Range(0, 8).Select(_ => NewOrder).ToList();

        // Two topics: two of their partitions, and soon two hosts, have events of one order; both have a first one.
        await Task.WhenAll(
            first.FloodAsync(orders.Select(Placed)),
            first.FloodAsync(orders.Select(id => new OrderImported { OrderId = id, Number = $"no-{id}" })),
            first.FloodAsync(Enumerable.Range(0, 20).SelectMany(note => orders.Select(id => new OrderNoted { OrderId = id, Note = $"[o{note}]" }))),
            first.FloodAsync(Enumerable.Range(0, 20).SelectMany(note => orders.Select(id => new PaymentNoted { OrderId = id, Note = $"[p{note}]" }))));
        await Wait.ForAsync(
            async () =>
            {
                // What came before its order is replayed, as an operator would.
                await first.Services.GetRequiredService<DeadLetterBox>().RequestReplayOfAllAsync(new Operator("tests"), Cancel);
                return await first.CountAsync("saga_history") >= 41 * orders.Count;
            },
            async () => $"all transitions are there (now {await first.CountAsync("saga_history")}; log: {TestLog.Instance.Tail})",
            60);
        foreach (var id in orders)
        {
            var history = await first.HistoryAsync(id);
            history.Select(step => step.Sequence).ShouldBe(Enumerable.Range(1, 41).Select(number => (long)number));
            history.Select(step => step.EventId).Distinct().Count().ShouldBe(41);
            var order = (await first.OrderAsync(id)).ShouldNotBeNull();
            order.Version.ShouldBe(41);
            foreach (var topic in "op")
            {
                for (var note = 0; note < 20; note++)
                    order.Notes.Split($"[{topic}{note}]").Length.ShouldBe(2, $"note {topic}{note} is there once");
            }
        }
    }

    [Fact, Trait("row", "S19.15")]
    public async Task After_a_restart_timeouts_still_come_and_what_was_cancelled_does_not()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var cluster = new MockCluster();
        var (late, paid) = (NewOrder, NewOrder);
        var first = await StartAsync(plan => (plan.Cluster, plan.Time) = (cluster, clock));
        await first.ProduceAsync(Placed(late), Placed(paid));
        await first.HistoryAsync(late, 1);
        await first.HistoryAsync(paid, 1);
        await first.ProduceAsync(new OrderPaid { OrderId = paid });
        await first.HistoryAsync(paid, 2);
        await first.StopAsync();
        clock.Advance(TimeSpan.FromDays(1));
        var second = await StartAsync(plan => (plan.Cluster, plan.Time) = (cluster, clock));
        await second.PassAsync(TimeSpan.Zero, async () => await second.OrderAsync(late) is null, "the order times out");
        (await second.HistoryAsync(late, 2))[1].ShouldBe("AwaitingPayment PaymentTimeout.Received Final");
        (await second.HistoryAsync(paid)).Count.ShouldBe(2);
        (await second.CountAsync("outbox_queue", "state = 3")).ShouldBe(0);
    }

    [Fact, Trait("row", "S19.15")]
    public async Task A_timeout_and_its_cancellation_at_once_have_one_winner()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var bed = await StartAsync(plan => plan.Time = clock);
        var orders = Enumerable.Range(0, 10).Select(_ => NewOrder).ToList();
        await bed.FloodAsync(orders.Select(Placed));
        await Wait.ForAsync(async () => await bed.CountAsync("orders") == 10, "all orders are there");
        var paying = bed.FloodAsync(orders.Select(id => new OrderPaid { OrderId = id }));
        await bed.PassAsync(TimeSpan.FromMinutes(30), async () => await bed.CountAsync("saga_history") >= 20, "each is paid or timed out");
        await paying;
        foreach (var id in orders)
        {
            var steps = await bed.HistoryAsync(id, 2);
            var won = await bed.OrderAsync(id) is null ? "AwaitingPayment PaymentTimeout.Received Final" : "AwaitingPayment Paid Packing";
            steps[1].ShouldBe(won);
        }
    }

    private static ISyncEvent Identified(ISyncEvent e) => e.WithMetadata(SyncMetadata.Unset with { EventId = Guid.CreateVersion7() });
}

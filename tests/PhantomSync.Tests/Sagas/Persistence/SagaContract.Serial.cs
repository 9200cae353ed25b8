using CsCheck;
using Microsoft.Extensions.Time.Testing;
using PhantomSync.Contracts;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

/// <summary>Whatever comes in whatever order, an instance ends as one event after the other would have made it.</summary>
public abstract partial class SagaContract
{
    private static readonly Gen<(int Order, int Kind)[]> Interleavings = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 7]).Array[10, 40];

    [Fact, Trait("row", "S19.15")]
    public async Task Every_interleaving_of_events_duplicates_and_timeouts_ends_in_the_state_of_a_serial_order()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var bed = await StartAsync(plan => (plan.Partitions, plan.Time) = (2, clock));
        await Interleavings.SampleAsync(
            async plan =>
            {
                var orders = Enumerable.Range(0, 4).Select(_ => NewOrder).ToArray();
                var said = new List<(int Order, ISyncEvent Event)>();
                for (var i = 0; i < plan.Length; i++)
                {
                    var (order, kind) = plan[i];
                    var earlier = said.FindAll(one => one.Order == order);
                    said.Add((order, kind switch
                    {
                        0 or 1 => Identified(Placed(orders[order])),
                        2 => Identified(new OrderImported { OrderId = orders[order], Number = $"no-{orders[order]}" }),
                        3 => Identified(new OrderNoted { OrderId = orders[order], Note = $"[{i}]" }),
                        4 => Identified(new PaymentNoted { OrderId = orders[order], Note = $"[{i}]" }),
                        5 => Identified(new OrderPaid { OrderId = orders[order] }),
                        6 => Identified(new OrderPacked { OrderId = orders[order], Number = $"no-{orders[order]}" }),
                        _ => earlier.Count > 0 ? earlier[i % earlier.Count].Event : Identified(Placed(orders[order])),
                    }));
                    if (kind == 7)
                        clock.Advance(TimeSpan.FromMinutes(10));
                }

                await bed.FloodAsync(said.Select(one => one.Event));

                // One more order behind all others in each partition: once those are there, so is everything else.
                var last = Enumerable.Range(0, 16).Select(_ => NewOrder).ToArray();
                await bed.FloodAsync(last.SelectMany(id => (ISyncEvent[])[Placed(id), new OrderImported { OrderId = id, Number = $"no-{id}" }, new PaymentNoted { OrderId = id, Note = "!" }, new OrderNoted { OrderId = id, Note = "?" }]));
                await Wait.ForAsync(
                    async () =>
                    {
                        clock.Advance(TimeSpan.FromMilliseconds(250));
                        foreach (var id in last)
                        {
                            if ((await bed.HistoryAsync(id)).Count < 3)
                                return false;
                        }

                        return true;
                    },
                    () => Task.FromResult($"all events are handled; log: {TestLog.Instance.Tail}"),
                    60);
                for (var order = 0; order < orders.Length; order++)
                    await SerialAsync(bed, orders[order], [.. said.Where(one => one.Order == order).Select(one => one.Event)]);
            },
            iter: 4,
            threads: 1);
    }

    private static async Task SerialAsync(ShopBed bed, Guid id, ISyncEvent[] said)
    {
        var history = await bed.HistoryAsync(id);
        var order = await bed.OrderAsync(id);
        var (state, notes) = ("Initial", "");
        foreach (var step in history)
        {
            step.From.ShouldBe(state);
            if (said.FirstOrDefault(e => e.SyncMetadata.EventId == step.EventId) is { } e)
                notes += (e as OrderNoted)?.Note ?? (e as PaymentNoted)?.Note ?? "";
            state = (state, step.Event) switch
            {
                ("Initial", "Placed" or "Imported") => "AwaitingPayment",
                ("AwaitingPayment", "Paid") => "Packing",
                ("AwaitingPayment", "PaymentTimeout.Received") or ("Packing", "Packed") => "Final",
                (not "Final", "Noted" or "PaymentNote") => state,
                _ => throw new InvalidOperationException($"{step.Event} is not taken in {state}."),
            };
            step.To.ShouldBe(state);
        }

        history.Select(step => step.EventId).Distinct().Count().ShouldBe(history.Count, "no event is applied twice");
        if (history.Count == 0 || state == "Final")
            order.ShouldBeNull();
        else
            order.ShouldNotBeNull().ShouldSatisfyAllConditions(o => o.CurrentState.ShouldBe(state), o => o.Notes.ShouldBe(notes), o => o.Version.ShouldBe(history.Count));
    }
}

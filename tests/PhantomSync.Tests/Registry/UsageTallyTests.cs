using CsCheck;
using PhantomSync.Contracts;
using PhantomSync.Registry.Usage;

namespace PhantomSync.Tests.Registry;

/// <summary>The arithmetic of usage, without a database.</summary>
public sealed class UsageTallyTests
{
    private static readonly UsageKey Key = new("acme", "churn", "v1");

    private static readonly Gen<ISyncEvent> Event = Gen.OneOf(
        Gen.Select(Gen.ULong[0, 1_000_000], Gen.Double[-0.5, 1.5], (ms, confidence) => (ISyncEvent)Say.Inferred("acme", "churn", "v1", ms, confidence)),
        Gen.Select(Gen.ULong[0, 1UL << 40], Gen.ULong[0, 1UL << 50], Gen.Double[0, 1], (count, ms, confidence) => (ISyncEvent)Say.InferredBatch("acme", "churn", "v1", count, ms, confidence)));

    [Fact, Trait("row", "S13.11")]
    public void Tallies_add_up_to_the_same_in_any_order_and_grouping() =>
        Gen.Select(Event.List[1, 30], Gen.Int[0, int.MaxValue]).Sample(
            (events, seed) =>
            {
                var inOrder = Said(Tally(events));
                var shuffled = events.ToArray();
                new Random(seed).Shuffle(shuffled);
                Said(Tally(shuffled)).ShouldBe(inOrder);

                var shards = shuffled.GroupBy(e => e.SyncMetadata.EventId.GetHashCode() & 3).Select(Tally).ToArray();
                var left = new UsageTally();
                foreach (var shard in shards)
                    left.Add(UsageRow.Of(Key, 0, 1, shard).Tally());
                Said(left).ShouldBe(inOrder);

                var right = new UsageTally();
                for (var i = shards.Length - 1; i >= 0; i--)
                {
                    var rest = new UsageTally();
                    rest.Add(shards[i]);
                    rest.Add(right);
                    right = rest;
                }

                Said(right).ShouldBe(inOrder);
            },
            iter: 200);

    [Fact, Trait("row", "S13.11")]
    public void A_quantile_is_within_the_relative_error() =>
        Gen.Double[-8, 18].Select(exponent => Math.Pow(10, exponent)).Array[1, 200].Sample(values =>
        {
            var sketch = new QuantileSketch();
            foreach (var value in values)
                sketch.Add(value, 1);
            Array.Sort(values);
            foreach (var quantile in (double[])[0, 0.5, 0.95, 0.99, 1])
            {
                var exact = values[Math.Max(1, (int)Math.Ceiling(quantile * values.Length)) - 1];
                sketch.Quantile(quantile).ShouldBe(exact, exact * QuantileSketch.RelativeError * 1.0001);
            }
        });

    [Fact]
    public void A_sketch_is_the_same_after_it_was_stored_and_counts_do_not_wrap()
    {
        var sketch = new QuantileSketch();
        sketch.Add(0, 3);
        sketch.Add(1e-12, 1);
        sketch.Add(ulong.MaxValue, ulong.MaxValue);
        sketch.Add(ulong.MaxValue, 7);
        var stored = QuantileSketch.From(sketch.ToBytes());
        stored.ToBytes().ShouldBe(sketch.ToBytes());
        stored.Quantile(0).ShouldBe(0);
        stored.Quantile(0.5).ShouldBe(ulong.MaxValue, ulong.MaxValue * QuantileSketch.RelativeError);
        new QuantileSketch().Quantile(0.5).ShouldBe(double.NaN);
    }

    private static UsageTally Tally(IEnumerable<ISyncEvent> events)
    {
        var tally = new UsageTally();
        foreach (var e in events)
        {
            if (e is InferenceCompleted inference)
                tally.Add(inference);
            else
                tally.Add((BatchInferenceCompleted)e);
        }

        return tally;
    }

    private static string Said(UsageTally tally) => string.Join(
        ' ', tally.Reports, tally.Predictions, tally.Flagged, tally.LastUsedAt.Ticks, Said(tally.TimeMs), Said(tally.Confidence));

    private static string Said(Spread spread) => string.Join(' ', spread.Sum / 1.000000000m, spread.Min, spread.Max, Convert.ToHexString(spread.Sketch.ToBytes()));
}

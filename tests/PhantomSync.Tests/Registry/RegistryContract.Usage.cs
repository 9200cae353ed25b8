using PhantomSync.Contracts;
using PhantomSync.Registry.Models;
using PhantomSync.Registry.Usage;

namespace PhantomSync.Tests.Registry;

public abstract partial class RegistryContract
{
    [Fact, Trait("row", "S13.09"), Trait("row", "S13.10"), Trait("row", "S13.11"), Trait("row", "S2.07")]
    public async Task Usage_is_counted_once_however_often_its_events_are_delivered()
    {
        var random = new Random(7);
        var events = Enumerable.Range(0, 300).Select(_ => Say.Inferred(Tenant, "churn", "v1", (ulong)random.Next(1, 5_000), random.NextDouble())).ToArray();
        await Bed.SayAsync(Say.Trained(Tenant, "churn", "job-1"));
        for (var delivery = 0; delivery < 10; delivery++)
            await Bed.SayAsync(events);

        var usage = (await UsageAsync("churn")).ShouldHaveSingleItem();
        (usage.Version, usage.IsKnown, usage.Reports, usage.Predictions, usage.Flagged).ShouldBe(("v1", true, 300, 300m, 0m));
        Compare(usage.TimeMs.ShouldNotBeNull(), [.. events.Select(e => (double)e.InferenceTimeMs)]);
        Compare(usage.Confidence.ShouldNotBeNull(), [.. events.Select(e => e.Confidence)]);
        usage.LastUsedAt.ShouldBe(events[^1].SyncMetadata.OccurredAt.ToDateTimeOffset(), TimeSpan.FromSeconds(1));
    }

    [Fact, Trait("row", "S2.08"), Trait("row", "S13.09")]
    public async Task A_batch_weighs_as_much_as_it_holds_and_an_empty_one_nothing()
    {
        await Bed.SayAsync(
            Say.Inferred(Tenant, "churn", "v9", 100, 1.0),
            Say.InferredBatch(Tenant, "churn", "v9", 99, 990, 0.5),
            Say.InferredBatch(Tenant, "churn", "v9", 0, 70_000, 0),
            Say.InferredBatch(Tenant, "churn", "empty", 0, 5, 0),
            Say.Inferred(Tenant, "churn", "odd", 5, 1.5));

        var usage = await UsageAsync("churn");
        usage.Select(version => (version.Version, version.IsKnown, version.Reports, version.Predictions, version.Flagged)).ShouldBe(
            [("empty", false, 1, 0m, 0m), ("odd", false, 1, 1m, 1m), ("v9", false, 3, 100m, 0m)]);
        (usage[0].TimeMs, usage[0].Confidence, usage[1].Confidence).ShouldBe((null, null, null));
        var v9 = usage[2];
        (v9.TimeMs!.Mean, v9.TimeMs.Min, v9.TimeMs.Max).ShouldBe((10.9, 10, 100));
        v9.TimeMs.P99.ShouldBe(10, 0.5);
        (v9.Confidence!.Mean, v9.Confidence.Min, v9.Confidence.Max).ShouldBe((0.505, 0.5, 1));
    }

    [Fact, Trait("row", "S2.03"), Trait("row", "S13.02")]
    public async Task Usage_brings_back_no_deleted_model_invents_no_unknown_one_and_stays_with_its_tenant()
    {
        await Bed.SayAsync(Say.Created(Tenant, "churn"), Say.Deleted(Tenant, "churn"));
        await Bed.SayAsync(Say.Inferred(Tenant, "churn", "v1", 1, 1), Say.Inferred(Tenant, "unheard-of", "v1", 1, 1), Say.Inferred("other", "churn", "v1", 1, 1));
        (await ModelAsync("churn")).Status.ShouldBe(ModelStatus.Deleted);
        (await StatusesAsync(Tenant)).ShouldBe([("churn", ModelStatus.Deleted)]);
        (await UsageAsync("churn")).ShouldHaveSingleItem().Predictions.ShouldBe(1);
        (await UsageAsync("unheard-of")).ShouldHaveSingleItem().IsKnown.ShouldBeFalse();
    }

    private static void Compare(Distribution distribution, double[] values)
    {
        Array.Sort(values);
        distribution.Mean.ShouldBe(values.Average(), 1e-6);
        (distribution.Min, distribution.Max).ShouldBe((values[0], values[^1]));
        foreach (var (quantile, found) in (ReadOnlySpan<(double, double)>)[(0.5, distribution.P50), (0.95, distribution.P95), (0.99, distribution.P99)])
        {
            var exact = values[(int)Math.Ceiling(quantile * values.Length) - 1];
            found.ShouldBe(exact, exact * QuantileSketch.RelativeError * 1.001);
        }
    }

    private Task<IReadOnlyList<VersionUsage>> UsageAsync(string model) =>
        Bed.UseAsync<ModelUsage, IReadOnlyList<VersionUsage>>(usage => usage.OfAsync(Tenant, model, Cancellation));
}

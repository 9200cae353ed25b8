using Microsoft.EntityFrameworkCore;
using PhantomSync.Conflicts.Queueing;
using PhantomSync.Conflicts.Storing;
using PhantomSync.Contracts;
using PhantomSync.Registry.Models;

namespace PhantomSync.Tests.Registry;

public abstract partial class RegistryContract
{
    private const string Careful = "careful";

    [Fact, Trait("row", "S2.02"), Trait("row", "S16.33"), Trait("row", "S16.19")]
    public async Task Two_updates_of_one_version_are_one_conflict_and_the_later_wins_however_often_they_come()
    {
        var second = At(2, Say.Updated(Tenant, "churn", "1", "2", ("name", "Second"), ("threshold", "0.5")));
        var third = At(1, Say.Updated(Tenant, "churn", "1", "3", ("name", "Third"), ("owner", "carol")));
        await Bed.SayAsync(Say.Created(Tenant, "churn"), second, third);
        await Bed.SayAsync(
            Again(third), Again(second), Say.Updated(Tenant, "churn", "2", "4", ("name", "Fourth")));

        var conflict = (await ConflictsAsync()).ShouldHaveSingleItem();
        (conflict.TenantId, conflict.ResourceType, conflict.ResourceId, conflict.Status, conflict.Strategy, conflict.WinningChangeId).ShouldBe(
            (Tenant, "ML_MODEL", "churn", ConflictStatus.AutoResolved, "LastWriteWins", $"{second.SyncMetadata.EventId}"));
        conflict.ReadFields().ShouldBe(["name"]);
        var model = await ModelAsync("churn");
        (model.Row.Name, model.Row.AttributeVersion, model.Row.LastChangedBy).ShouldBe(("Fourth", "4", "bob"));
        model.Row.Attributes.ShouldBe("{\"name\":\"Fourth\",\"owner\":\"carol\",\"threshold\":\"0.5\"}");
        (await IrregularitiesAsync()).ShouldBeEmpty();
    }

    [Fact, Trait("row", "S16.17"), Trait("row", "S2.02")]
    public async Task Updates_of_one_version_that_touch_different_attributes_are_merged()
    {
        await Bed.SayAsync(
            Say.Created(Tenant, "churn"),
            Say.Updated(Tenant, "churn", "1", "2", ("name", "Second"), ("note", "same")),
            Say.Updated(Tenant, "churn", "1", "3", ("status", "disabled"), ("note", "same")));
        var model = await ModelAsync("churn");
        (model.Row.Name, model.Status).ShouldBe(("Second", ModelStatus.Disabled));
        (await ConflictsAsync()).ShouldBeEmpty();
    }

    [Fact, Trait("row", "S2.02"), Trait("row", "S16.36")]
    public async Task Every_permutation_of_a_chain_of_five_updates_ends_in_the_same_state()
    {
        var permutations = Permutations([0, 1, 2, 3, 4]).ToArray();
        permutations.Length.ShouldBe(120);
        await Bed.SayAsync(permutations.SelectMany((order, index) =>
        {
            // The clocks say the opposite of what the versions say.
            var chain = Enumerable.Range(1, 5).Select(i => At(9 - i, Say.Updated(Tenant, $"model-{index:000}", $"{i}", $"{i + 1}", ("name", $"name {i}"), ($"only-{i}", "x")))).ToArray();
            return order.Select(i => chain[i]);
        }));

        var models = await Bed.UseAsync<ModelDirectory, IReadOnlyList<ModelView>>(directory => directory.ListAsync(Tenant, Cancellation));
        models.Count.ShouldBe(120);
        models.Select(model => (model.Row.Name, model.Row.AttributeVersion, model.Row.LastChange, model.Row.Attributes)).Distinct().ShouldBe(
            [("name 5", "6", "{\"name\":\"name 5\",\"only-5\":\"x\"}", "{\"name\":\"name 5\",\"only-1\":\"x\",\"only-2\":\"x\",\"only-3\":\"x\",\"only-4\":\"x\",\"only-5\":\"x\"}")]);
        (await ConflictsAsync()).ShouldBeEmpty();
    }

    [Fact, Trait("row", "S16.15"), Trait("row", "S16.21"), Trait("row", "S16.33")]
    public async Task A_person_decides_where_the_tenant_wants_it_and_the_model_goes_on_meanwhile()
    {
        await Bed.SayAsync(
            Say.Created(Careful, "churn"),
            At(1, Say.Updated(Careful, "churn", "1", "2", ("name", "Second"))),
            At(2, Say.Updated(Careful, "churn", "1", "3", ("name", "Third"))),
            Say.Updated(Careful, "churn", "2", "4", ("status", "disabled")));
        var model = await CarefulModelAsync();
        (model.Row.Name, model.Status).ShouldBe(("Second", ModelStatus.Disabled));

        var queue = await Bed.UseAsync<ConflictQueue, ConflictQueue>(Task.FromResult);
        var open = (await queue.ListAsync(cancellationToken: Cancellation)).ShouldHaveSingleItem();
        (await queue.ResolveAsync(open.ConflictId, Decision with { Values = new Dictionary<string, System.Text.Json.JsonElement> { ["name"] = System.Text.Json.JsonSerializer.SerializeToElement(3) } }, Cancellation))
            .Message.ShouldContain("expected is a string");
        (await queue.ResolveAsync(open.ConflictId, Decision with { Choose = open.ReadChanges()[1].ChangeId }, Cancellation)).IsDone.ShouldBeTrue();
        await Bed.SettledAsync();
        (await CarefulModelAsync()).Row.Name.ShouldBe("Third");

        await Bed.SayAsync(Say.Updated(Careful, "churn", "3", "5", ("name", "Fifth")));
        (await CarefulModelAsync()).Row.Name.ShouldBe("Fifth");
        (await queue.ListAsync(cancellationToken: Cancellation)).ShouldBeEmpty();
    }

    [Fact, Trait("row", "S16.10"), Trait("row", "S2.03")]
    public async Task A_models_deletion_ends_its_conflicts()
    {
        await Bed.SayAsync(
            Say.Updated(Careful, "churn", "1", "2", ("name", "Second")), Say.Updated(Careful, "churn", "1", "3", ("name", "Third")), Say.Deleted(Careful, "churn"));
        var conflict = (await ConflictsAsync()).ShouldHaveSingleItem();
        (conflict.Status, conflict.Reason).ShouldBe((ConflictStatus.Resolved, "Void: the model was deleted."));
    }

    private static ManualResolution Decision => new() { By = "alice", Reason = "agreed" };

    /// <summary>The same event, some seconds after a moment that all have in common.</summary>
    private static T At<T>(int seconds, T e)
        where T : ISyncEvent =>
        (T)e.WithMetadata(e.SyncMetadata with { OccurredAt = Timestamp.From(Timestamp.Parse("2026-03-01T12:00:00Z").ToDateTimeOffset().AddSeconds(seconds)) });

    /// <summary>The same event as a source sends it again that has forgotten its idempotency key.</summary>
    private static T Again<T>(T e)
        where T : ISyncEvent => (T)e.WithMetadata(e.SyncMetadata with { IdempotencyKey = $"again-{e.SyncMetadata.EventId}" });

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));

    private Task<List<ConflictRecord>> ConflictsAsync() => Bed.ReadAsync(registry => registry.Set<ConflictRecord>().AsNoTracking().ToListAsync(Cancellation));

    private async Task<ModelView> CarefulModelAsync() =>
        (await Bed.UseAsync<ModelDirectory, ModelView?>(directory => directory.FindAsync(Careful, "churn", Cancellation))).ShouldNotBeNull();
}

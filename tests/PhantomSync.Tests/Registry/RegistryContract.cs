using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.Registry.Models;
using PhantomSync.Registry.Versions;

namespace PhantomSync.Tests.Registry;

/// <summary>The registry end to end: events in at the broker, rows out of the database.</summary>
public abstract partial class RegistryContract : IAsyncLifetime
{
    private const string Tenant = "acme";

    protected RegistryBed Bed { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Bed = await CreateBedAsync();

    public async ValueTask DisposeAsync()
    {
        if (Bed is not null)
            await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<RegistryBed> CreateBedAsync();

    [Fact, Trait("row", "S2.01"), Trait("row", "S2.02")]
    public async Task A_model_is_registered_once_and_follows_its_updates()
    {
        var created = Say.Created(Tenant, "churn");
        await Bed.SayAsync(
            created,
            created,
            Say.Created(Tenant, "churn"),
            Say.Updated(Tenant, "churn", "1.0.0", "1.1.0", ("name", "Churn 2"), ("threshold", "0.5")),
            Say.Updated(Tenant, "churn", "1.1.0", "1.2.0", ("status", "disabled")));

        var model = await ModelAsync("churn");
        model.Status.ShouldBe(ModelStatus.Disabled);
        model.IsPlaceholder.ShouldBeFalse();
        (model.Row.Name, model.Row.ModelType, model.Row.Algorithm, model.Row.CreatedBy).ShouldBe(("Churn 2", "classification", "xgboost", "alice"));
        (model.Row.AttributeVersion, model.Row.LastChangedBy, model.Row.LastChange).ShouldBe(("1.2.0", "bob", "{\"status\":\"disabled\"}"));
        (await IrregularitiesAsync()).ShouldBeEmpty();
    }

    [Fact, Trait("row", "S2.01")]
    public async Task A_creation_that_does_not_fit_is_recorded()
    {
        await Bed.SayAsync(Say.Created(Tenant, "churn"), Say.Created(Tenant, "churn", name: "Another"));

        var found = (await IrregularitiesAsync()).ShouldHaveSingleItem();
        (found.Kind, found.Expected, found.Found).ShouldBe((IrregularityKind.CreatedDifferently, null, "[\"Churn\",\"classification\",\"xgboost\",\"alice\"]"));
        (await ModelAsync("churn")).Row.Name.ShouldBe("Churn");
    }

    [Fact, Trait("row", "S2.03"), Trait("row", "S13.07")]
    public async Task A_deleted_model_stays_deleted_whatever_comes_late()
    {
        await Bed.SayAsync(
            Say.Created(Tenant, "churn"),
            Say.Deleted(Tenant, "churn"),
            Say.Deleted(Tenant, "churn"),
            Say.Updated(Tenant, "churn", "1", "2", ("status", "active")),
            Say.Created(Tenant, "churn", name: "Again"),
            Say.Trained(Tenant, "churn", "job-1"));

        var model = await ModelAsync("churn");
        (model.Status, model.Row.Name, model.Row.DeletionReason, model.Row.AttributeVersion).ShouldBe((ModelStatus.Deleted, "Churn", "obsolete", null));
        (await IrregularitiesAsync()).Select(i => i.Kind).ShouldBe(
            [IrregularityKind.ChangedAfterDeletion, IrregularityKind.ChangedAfterDeletion, IrregularityKind.TrainedAfterDeletion], ignoreOrder: true);
        var version = await Bed.ReadAsync(registry => registry.Versions.AsNoTracking().SingleAsync(Cancellation));
        (version.Number, version.Stage, version.JobId).ShouldBe((1, VersionStage.Archived, "job-1"));
        (await StageAsync("churn", 1, VersionStage.Staged)).ShouldBe(StageChange.NotAllowed);
    }

    [Fact, Trait("row", "S13.07")]
    public async Task What_comes_before_a_model_is_kept_until_its_creation_completes_it()
    {
        await Bed.SayAsync(Say.Updated(Tenant, "early", "1", "2", ("name", "New name")), Say.Trained(Tenant, "early", "job-1"), Say.Deleted(Tenant, "gone"));
        var early = await ModelAsync("early");
        (early.IsPlaceholder, early.Status, early.Row.LatestVersion, early.Row.CreatedBy).ShouldBe((true, ModelStatus.Active, 1, null));

        await Bed.SayAsync(Say.Created(Tenant, "early", name: "Old name"), Say.Created(Tenant, "gone"));
        early = await ModelAsync("early");
        (early.IsPlaceholder, early.Row.Name, early.Row.Algorithm, early.Row.AttributeVersion).ShouldBe((false, "New name", "xgboost", "2"));
        var gone = await ModelAsync("gone");
        (gone.IsPlaceholder, gone.Status, gone.Row.Name).ShouldBe((false, ModelStatus.Deleted, "Churn"));
        (await IrregularitiesAsync()).ShouldBeEmpty();
    }

    [Fact, Trait("row", "S13.03"), Trait("row", "S13.04"), Trait("row", "S13.08")]
    [Trait("row", "S2.05"), Trait("row", "S13.06")]
    public async Task Each_completed_training_is_a_version_and_its_announcement_is_no_foreign_update()
    {
        var jobs = Enumerable.Range(1, 20).Select(job => $"job-{job}").ToArray();
        await Bed.SayAsync([Say.Created(Tenant, "churn"), Say.Updated(Tenant, "churn", "a", "b"), .. jobs.Select(job => Say.Trained(Tenant, "churn", job)), Say.Trained(Tenant, "churn", "job-1"), Say.Trained("other", "churn", "job-1")]);

        var versions = await Bed.ReadAsync(registry => registry.Versions.AsNoTracking().Where(version => version.TenantId == Tenant).OrderBy(version => version.Number).ToListAsync(Cancellation));
        versions.Select(version => (version.Number, version.JobId)).ShouldBe(jobs.Select((job, index) => (index + 1, job)));
        versions.ShouldAllBe(version => version.Metrics == "{\"accuracy\":0.9,\"loss\":\"NaN\"}" && version.TrainingDurationMs == ulong.MaxValue && version.Stage == VersionStage.Registered);
        var model = await ModelAsync("churn");
        (model.Row.AttributeVersion, model.Row.LatestVersion).ShouldBe(("b", 20));
        (await IrregularitiesAsync()).ShouldBeEmpty();
        (await Bed.UseAsync<ModelDirectory, ModelView?>(directory => directory.FindAsync("other", "churn", Cancellation)))!.Row.LatestVersion.ShouldBe(1);
    }

    [Fact, Trait("row", "S13.19")]
    public async Task A_version_goes_from_stage_to_stage_and_one_at_a_time_is_in_production()
    {
        await Bed.SayAsync(Say.Created(Tenant, "churn"), Say.Trained(Tenant, "churn", "job-1"), Say.Trained(Tenant, "churn", "job-2"));
        (await StageAsync("churn", 1, VersionStage.Production)).ShouldBe(StageChange.NotAllowed);
        (await StageAsync("churn", 3, VersionStage.Staged)).ShouldBe(StageChange.UnknownVersion);
        foreach (var number in (int[])[1, 2])
        {
            (await StageAsync("churn", number, VersionStage.Staged)).ShouldBe(StageChange.Changed);
            (await StageAsync("churn", number, VersionStage.Staged)).ShouldBe(StageChange.Unchanged);
        }

        (await Task.WhenAll(StageAsync("churn", 1, VersionStage.Production), StageAsync("churn", 2, VersionStage.Production))).ShouldAllBe(change => change == StageChange.Changed);

        var versions = await Bed.ReadAsync(registry => registry.Versions.AsNoTracking().ToListAsync(Cancellation));
        versions.Select(version => version.Stage).ShouldBe([VersionStage.Production, VersionStage.Archived], ignoreOrder: true);
        var archived = versions.Single(version => version.Stage == VersionStage.Archived);
        var history = await Bed.UseAsync<VersionStages, IReadOnlyList<StageHistoryEntry>>(stages => stages.HistoryAsync(Tenant, "churn", archived.Number, Cancellation));
        history.Select(entry => (entry.Step, entry.FromStage, entry.ToStage)).ShouldBe(
        [
            (1, null, VersionStage.Registered),
            (2, VersionStage.Registered, VersionStage.Staged),
            (3, VersionStage.Staged, VersionStage.Production),
            (4, VersionStage.Production, VersionStage.Archived),
        ]);
        (await StageAsync("churn", archived.Number, VersionStage.Staged)).ShouldBe(StageChange.Changed);
    }

    [Fact, Trait("row", "S2.15"), Trait("row", "S13.13"), Trait("row", "S13.14")]
    public async Task A_suspension_disables_every_model_and_its_end_restores_exactly_those_that_were_active()
    {
        await Bed.SayAsync(
            Say.Created(Tenant, "active"), Say.Created(Tenant, "disabled"), Say.Updated(Tenant, "disabled", "1", "2", ("status", "disabled")),
            Say.Created(Tenant, "deleted"), Say.Deleted(Tenant, "deleted"), Say.Created("other", "active"));
        await Bed.SayAsync(Say.Suspended(Tenant), Say.Suspended(Tenant), Say.TenantUpdated(Tenant, "subscription_tier", "gold"));
        await Bed.SayAsync(Say.Created(Tenant, "during"), Say.Updated(Tenant, "disabled", "2", "3", ("name", "x")));
        (await StatusesAsync(Tenant)).ShouldBe([("active", ModelStatus.Disabled), ("deleted", ModelStatus.Deleted), ("disabled", ModelStatus.Disabled), ("during", ModelStatus.Disabled)]);
        (await StatusesAsync("other")).ShouldBe([("active", ModelStatus.Active)]);

        await Bed.SayAsync(Say.Resumed(Tenant), Say.Resumed(Tenant));
        (await StatusesAsync(Tenant)).ShouldBe([("active", ModelStatus.Active), ("deleted", ModelStatus.Deleted), ("disabled", ModelStatus.Disabled), ("during", ModelStatus.Active)]);
    }

    [Fact, Trait("row", "S13.12")]
    public async Task One_process_suspends_a_hundred_tenants_and_no_other()
    {
        var tenants = Enumerable.Range(0, 100).Select(i => $"tenant-{i:000}").ToArray();
        await Bed.SayAsync([.. tenants.Select(tenant => Say.Created(tenant, "churn")), Say.Created(Tenant, "churn"), .. tenants.Select(Say.Suspended)]);
        foreach (var tenant in tenants)
            (await StatusesAsync(tenant)).ShouldBe([("churn", ModelStatus.Disabled)]);
        (await StatusesAsync(Tenant)).ShouldBe([("churn", ModelStatus.Active)]);
    }

    private async Task<ModelView> ModelAsync(string model) =>
        (await Bed.UseAsync<ModelDirectory, ModelView?>(directory => directory.FindAsync(Tenant, model, Cancellation))).ShouldNotBeNull();

    private Task<(string, ModelStatus)[]> StatusesAsync(string tenant) =>
        Bed.UseAsync<ModelDirectory, (string, ModelStatus)[]>(async directory => [.. (await directory.ListAsync(tenant, Cancellation)).Select(model => (model.Row.ModelId, model.Status))]);

    private Task<List<ModelIrregularity>> IrregularitiesAsync() => Bed.ReadAsync(registry => registry.Irregularities.AsNoTracking().ToListAsync(Cancellation));

    private Task<StageChange> StageAsync(string model, int number, VersionStage to) =>
        Bed.UseAsync<VersionStages, StageChange>(stages => stages.ChangeAsync(Tenant, model, number, to, "carol", "evaluation passed", Cancellation));
}

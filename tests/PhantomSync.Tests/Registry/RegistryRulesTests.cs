using CsCheck;
using PhantomSync.Conflicts.Resolving;
using PhantomSync.Contracts;
using PhantomSync.Registry.Models;
using PhantomSync.Registry.Tenants;
using PhantomSync.Registry.Versions;
using PhantomSync.Tests.Conflicts;

namespace PhantomSync.Tests.Registry;

/// <summary>The registry's decisions, without a database.</summary>
public sealed class RegistryRulesTests
{
    private enum Step
    {
        Suspend,
        Resume,
        Disable,
        Enable,
        Delete,
    }

    [Fact, Trait("row", "S13.13")]
    public void However_suspensions_and_changes_alternate_their_end_restores_what_the_owners_made_of_their_models() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 2]).List[0, 40].Sample(steps =>
        {
            var tenant = new TenantStanding { TenantId = "acme" };
            var models = Enumerable.Range(0, 3).Select(i => new RegisteredModel { TenantId = "acme", ModelId = $"{i}" }).ToArray();
            var owners = new ModelStatus[3];
            foreach (var (step, i) in steps)
            {
                switch (step)
                {
                    case Step.Suspend:
                        TenantRules.Suspend(tenant, Say.Suspended("acme"));
                        models.ShouldAllBe(model => ModelRules.StatusOf(model.OwnStatus, tenant.IsSuspended) != ModelStatus.Active);
                        break;
                    case Step.Resume:
                        TenantRules.Resume(tenant, Say.Resumed("acme"));
                        break;
                    case Step.Disable or Step.Enable:
                        var updated = Say.Updated("acme", $"{i}", "1", "1", ("status", step == Step.Disable ? "disabled" : "active"));
                        if (ModelRules.Judge(models[i], updated) == UpdateVerdict.Apply)
                            ModelRules.Apply(models[i], Changes.Fold(Changes.Policy(ConflictStrategy.LastWriteWins), ModelRules.ChangeOf(updated)));
                        if (owners[i] != ModelStatus.Deleted)
                            owners[i] = step == Step.Disable ? ModelStatus.Disabled : ModelStatus.Active;
                        break;
                    case Step.Delete:
                        ModelRules.Delete(models[i], Say.Deleted("acme", $"{i}"));
                        owners[i] = ModelStatus.Deleted;
                        break;
                }
            }

            TenantRules.Resume(tenant, Say.Resumed("acme"));
            models.Select(model => ModelRules.StatusOf(model.OwnStatus, tenant.IsSuspended)).ShouldBe(owners);
        });

    [Fact, Trait("row", "S13.13")]
    public void The_first_of_several_suspensions_counts()
    {
        var tenant = new TenantStanding { TenantId = "acme" };
        var first = Say.Suspended("acme");
        TenantRules.Suspend(tenant, first);
        TenantRules.Suspend(tenant, Say.Suspended("acme") with { SuspensionReason = "fraud" });
        (tenant.SuspendedAt, tenant.SuspensionReason).ShouldBe((first.SyncMetadata.OccurredAt.ToDateTimeOffset(), "unpaid"));
    }

    [Theory]
    [InlineData("status", "active", true)]
    [InlineData("status", "suspended", false)]
    [InlineData("status", "Active", false)]
    [InlineData("subscription_tier", "active", false)]
    public void Only_an_update_of_the_status_to_active_resumes(string setting, string value, bool resumes) =>
        CascadePosition.Resumes(Say.TenantUpdated("acme", setting, value)).ShouldBe(resumes);

    [Fact, Trait("row", "S2.02")]
    public void An_update_applies_unless_the_model_is_gone_or_the_registry_made_it_itself()
    {
        var updated = Say.Updated("acme", "churn", "1", "2", ("b", "2"), ("a", "1"));
        var model = new RegisteredModel { TenantId = "acme", ModelId = "churn" };
        ModelRules.Judge(model, updated).ShouldBe(UpdateVerdict.Apply);
        ModelRules.Judge(model, RegistryBed.From(updated, "model-registry")).ShouldBe(UpdateVerdict.OwnAnnouncement);
        model.OwnStatus = ModelStatus.Deleted;
        ModelRules.Judge(model, updated).ShouldBe(UpdateVerdict.AfterDeletion);
    }

    [Theory, Trait("row", "S16.07")]
    [InlineData("7", 7UL)]
    [InlineData("v12", 12UL)]
    [InlineData("1.2.0", null)]
    [InlineData("v-1", null)]
    [InlineData("v", null)]
    [InlineData("99999999999999999999", null)]
    public void A_label_that_is_a_number_numbers_the_version(string label, ulong? version) =>
        ModelRules.ChangeOf(Say.Updated("acme", "churn", "x", label)).Version.ShouldBe(version);

    [Fact, Trait("row", "S16.27")]
    public void An_update_is_a_change_of_the_attributes_that_it_gives_a_value_they_can_have()
    {
        var updated = Say.Updated("acme", "churn", "1", "2", ("name", "x"), ("status", "gone"), ("threshold", "0.5"));
        var clock = new VectorClock(KeyValuePair.Create("model-service", 3UL));
        var change = ModelRules.ChangeOf(updated with { SyncMetadata = updated.SyncMetadata with { VectorClock = clock } });
        change.Changes.Keys.ShouldBe(["name", "threshold"], ignoreOrder: true);
        (change.ChangeId, change.SourceService, change.ChangedBy, change.PreviousVersion, change.NewVersion, change.VectorClock).ShouldBe(
            ($"{updated.SyncMetadata.EventId}", "model-service", "bob", "1", "2", clock));
    }

    [Fact, Trait("row", "S13.19")]
    public void Stages_follow_one_another_and_no_version_of_a_deleted_model_serves()
    {
        var stages = Enum.GetValues<VersionStage>();
        var ways = from one in stages from other in stages where StageRules.Judge(one, other, ModelStatus.Active) == StageChange.Changed select (one, other);
        ways.ShouldBe(
            [
                (VersionStage.Registered, VersionStage.Staged), (VersionStage.Registered, VersionStage.Archived),
                (VersionStage.Staged, VersionStage.Production), (VersionStage.Staged, VersionStage.Archived),
                (VersionStage.Production, VersionStage.Archived), (VersionStage.Archived, VersionStage.Staged),
            ],
            ignoreOrder: true);
        stages.Select(from => StageRules.Judge(from, VersionStage.Production, ModelStatus.Deleted)).ShouldNotContain(StageChange.Changed);
    }
}

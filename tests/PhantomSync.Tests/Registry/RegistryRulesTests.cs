using CsCheck;
using PhantomSync.Contracts;
using PhantomSync.Registry.Models;
using PhantomSync.Registry.Tenants;
using PhantomSync.Registry.Versions;

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
                            ModelRules.Apply(models[i], updated);
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
        TenantRules.Resumes(Say.TenantUpdated("acme", setting, value)).ShouldBe(resumes);

    [Theory]
    [InlineData(null, "1", "2", UpdateVerdict.Apply)]
    [InlineData("1", "1", "2", UpdateVerdict.Apply)]
    [InlineData("2", "1", "2", UpdateVerdict.Repeated)]
    [InlineData("3", "1", "2", UpdateVerdict.ApplyDespiteMismatch)]
    internal void An_update_is_judged_by_the_label_it_was_made_to(string? current, string previous, string next, UpdateVerdict verdict)
    {
        var updated = Say.Updated("acme", "churn", previous, next, ("b", "2"), ("a", "1"));
        var model = new RegisteredModel { TenantId = "acme", ModelId = "churn", AttributeVersion = current, LastChange = "{\"a\":\"1\",\"b\":\"2\"}" };
        ModelRules.Judge(model, updated).ShouldBe(verdict);
        ModelRules.Judge(model, RegistryBed.From(updated, "model-registry")).ShouldBe(UpdateVerdict.OwnAnnouncement);
        model.OwnStatus = ModelStatus.Deleted;
        ModelRules.Judge(model, updated).ShouldBe(UpdateVerdict.AfterDeletion);
    }

    [Fact]
    public void The_same_label_with_other_content_is_a_mismatch()
    {
        var model = new RegisteredModel { TenantId = "acme", ModelId = "churn", AttributeVersion = "2", LastChange = "{\"a\":\"1\"}" };
        ModelRules.Judge(model, Say.Updated("acme", "churn", "1", "2", ("a", "2"))).ShouldBe(UpdateVerdict.ApplyDespiteMismatch);
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

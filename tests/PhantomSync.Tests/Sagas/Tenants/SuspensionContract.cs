using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.Registry;
using PhantomSync.Sagas;
using PhantomSync.Sagas.Queries;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Sagas.Training;
using PhantomSync.Tests.Registry;
using PhantomSync.Tests.Sagas.Training;
using PhantomSync.Workloads;

namespace PhantomSync.Tests.Sagas.Tenants;

/// <summary>A suspension end to end: the tenant's events in at the broker, what each service did out of its database.</summary>
[Trait("row", "S2.15"), Trait("row", "S19.15")]
public abstract class SuspensionContract
{
    private protected abstract Task<PlatformStore> OpenAsync();

    [Fact, Trait("row", "S13.12"), Trait("row", "S13.13"), Trait("row", "S13.14"), Trait("row", "S13.15"), Trait("row", "S19.03")]
    public async Task A_suspension_stops_everything_and_its_end_restores_exactly_what_was_there()
    {
        await using var bed = await PlatformBed.StartAsync(await OpenAsync());
        await PopulateAsync(bed, "acme");
        await PopulateAsync(bed, "globex");

        await bed.SayAsync(Say.Suspended("acme"));
        await bed.UntilTenantAsync(CascadeStatus.Suspended);
        await bed.UntilJobAsync("j1", TrainingStatus.Cancelled);
        (await bed.ActiveModelsAsync()).ShouldBeEmpty();
        await bed.UntilAsync(async () => Flat(await bed.WorkloadsAsync()) == "jobs: models: agents: train:False", "acme's work has stopped");
        Flat(await bed.WorkloadsAsync("globex")).ShouldBe("jobs:j1 models:a,b agents:run-1 train:True");
        (await bed.ActiveModelsAsync("globex")).ShouldBe(["a", "b"]);
        (await bed.JobAsync("j1", "globex"))!.Status.ShouldBe(TrainingStatus.Started);
        var answers = CascadeRules.AnswersOf((await bed.SuspensionAsync())!);
        answers.ToDictionary(answer => answer.Key, answer => answer.Value.Affected).ShouldBe(
            new Dictionary<string, ulong> { ["model-registry"] = 2, ["training"] = 1, ["inference"] = 2, ["agents"] = 1 }, ignoreOrder: true);
        answers["training"].Details.GetProperty("stopped_jobs")[0].GetString().ShouldBe("j1");

        // Meanwhile a model is created and another one is switched off by its owner.
        await bed.SayAsync(Say.Created("acme", "late"), Say.Updated("acme", "b", "1", "2", ("status", "disabled")));
        await bed.UntilAsync(async () => await bed.UseAsync<RegistryDbContext, bool>(registry => registry.Models.AnyAsync(model => model.ModelId == "late")), "the model is created");
        (await bed.ActiveModelsAsync()).ShouldBeEmpty();

        await bed.SayAsync(Say.Resumed("acme"), Say.Resumed("acme"));
        await bed.UntilTenantAsync(CascadeStatus.Active);
        (await bed.ActiveModelsAsync()).ShouldBe(["a", "late"]);
        await bed.UntilAsync(async () => Flat(await bed.WorkloadsAsync()) == "jobs: models:a,late agents:run-1 train:True", "acme goes on as before");
        await bed.UntilAsync(() => Task.Run(() => bed.Log(CascadeEvents.Outcomes).Count == 2), "the outcomes are told");
        bed.Log(CascadeEvents.Outcomes).Select(e => e.GetType().Name).ShouldBe([nameof(TenantSuspensionCompleted), nameof(TenantResumed)]);
        (await bed.LettersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_that_is_down_is_asked_again_and_flagged_and_the_cascade_completes_when_it_is_back()
    {
        await using var bed = await PlatformBed.StartAsync(await OpenAsync(), agents: false, configure: services => services.Configure<TenantSuspensionOptions>(options =>
        {
            options.ReplyWithin = options.LongestPause = TimeSpan.FromSeconds(1);
            options.FlagAfter = 2;
        }));
        await bed.SayAsync(Say.Created("acme", "a"), Say.Suspended("acme"));
        await bed.UntilAsync(async () => (await bed.SuspensionAsync())?.Overdue == CascadeService.Agents, "the agents' service is flagged");
        var tenant = (await bed.SuspensionAsync())!;
        (tenant.Status, tenant.Missing).ShouldBe((CascadeStatus.Suspending, CascadeService.Agents));
        (await bed.ShowAsync(tenant.CorrelationId))!.Facts.ShouldContain(KeyValuePair.Create("missing", CascadeService.Agents));
        (await bed.ActiveModelsAsync()).ShouldBeEmpty("the others do not wait for it");
        await bed.UntilAsync(() => Task.Run(() => bed.Log(CascadeEvents.Outcomes).OfType<TenantCascadeOverdue>().Any(flag => flag.Service == CascadeService.Agents)), "the flag is told");
        var flag = bed.Log(CascadeEvents.Outcomes).OfType<TenantCascadeOverdue>().Single(flag => flag.Service == CascadeService.Agents);
        (flag.Service, flag.Action, flag.Suspension, flag.Attempts).ShouldBe((CascadeService.Agents, CascadeAction.Suspend, 1u, 2u));

        await bed.StartAgentsAsync();
        await bed.UntilTenantAsync(CascadeStatus.Suspended);
        bed.Log(CascadeEvents.Commands).OfType<StopTenantAgents>().Max(command => command.Attempt).ShouldBeGreaterThanOrEqualTo(2u);
        (await bed.SuspensionAsync())!.Overdue.ShouldBe("");
    }

    [Fact]
    public async Task Reactivated_in_the_middle_and_suspended_again_a_tenant_ends_as_its_last_event_says()
    {
        await using var bed = await PlatformBed.StartAsync(await OpenAsync(), agents: false);
        await PopulateAsync(bed, "acme", agents: false);
        await bed.SayAsync(Say.Suspended("acme"), Say.Resumed("acme"), Say.Suspended("acme"), Say.Suspended("acme"), Say.Resumed("acme"), Say.Suspended("acme"));
        await bed.UntilTenantAsync(CascadeStatus.Suspending, suspension: 3);
        await bed.StartAgentsAsync();
        await bed.UntilTenantAsync(CascadeStatus.Suspended, suspension: 3);
        (await bed.ActiveModelsAsync()).ShouldBeEmpty();
        (await bed.WorkloadsAsync()).Models.ShouldBeEmpty();

        await bed.SayAsync(Say.Resumed("acme"));
        await bed.UntilTenantAsync(CascadeStatus.Active, suspension: 3);
        (await bed.ActiveModelsAsync()).ShouldBe(["a", "b"]);
        var view = await bed.WorkloadsAsync();
        (string.Join(',', view.Models), view.MayTrain).ShouldBe(("a,b", true));
    }

    [Fact, Trait("row", "S12.20"), Trait("row", "S8.13")]
    public async Task Work_that_arrives_while_a_tenant_is_suspended_waits_in_order_until_it_is_active_and_is_audited()
    {
        await using var bed = await PlatformBed.StartAsync(await OpenAsync());
        await bed.SayAsync(Say.Suspended("acme"));
        await bed.UntilTenantAsync(CascadeStatus.Suspended);
        await bed.SayAsync(Job.Started(0, job: "j7"), Job.Completed(10, job: "j7"), Job.Started(0, job: "j7", tenant: "globex"));
        await bed.UntilJobAsync("j7", TrainingStatus.Started, "globex");
        await bed.UntilAsync(async () => (await bed.LettersAsync()).Count(letter => letter.Source == SagasModule.TrainingGroup && letter.TenantId == "acme") >= 2, "both of the job's events are parked");
        var letters = (await bed.LettersAsync()).Where(letter => letter.Source == SagasModule.TrainingGroup).ToList();
        letters.Take(2).Select(letter => (letter.EventType, letter.Parked)).ShouldBe([(nameof(TrainingJobStarted), false), (nameof(TrainingJobCompleted), true)]);
        letters[0].Reason.ShouldStartWith("Quarantined");
        (await bed.JobAsync("j7")).ShouldBeNull();
        (await bed.WorkloadsAsync()).Jobs.ShouldBeEmpty();
        await bed.UntilAsync(
            () => Task.Run(() => bed.Log("phantom.audit").OfType<AuditLogCreated>().Any(entry => entry is { Action: "QUARANTINE_EVENT", TenantId: "acme", ResourceType: nameof(TrainingJobStarted), UserId: "system:training-lifecycle" })),
            "the quarantine is audited");

        await bed.SayAsync(Say.Resumed("acme"));
        await bed.UntilJobAsync("j7", TrainingStatus.VersionRegistered);
        (await bed.JobAsync("j7"))!.StartedBy.ShouldBe("alice");
        await bed.UntilAsync(async () => (await bed.LettersAsync()).Count == 0, "nothing is parked any more");
        (await bed.ShowAsync(SagaId.OfJob("acme", "j7")))!.History.Select(step => step.Event).Take(2).ShouldBe(["JobStarted", "JobCompleted"]);
    }

    [Fact, Trait("row", "S13.12")]
    public async Task A_hundred_tenants_are_suspended_and_resumed_by_one_process()
    {
        await using var bed = await PlatformBed.StartAsync(await OpenAsync());
        var tenants = Enumerable.Range(0, 100).Select(i => $"tenant-{i:00}").ToArray();
        await bed.SayAsync(tenants.Select(tenant => (ISyncEvent)Say.Created(tenant, "m")).Concat(tenants.Select(tenant => Say.Suspended(tenant))));
        await bed.UntilAsync(async () => await CountAsync(bed, CascadeStatus.Suspended) == 100, "all are suspended");
        await bed.SayAsync(tenants.Where((_, i) => i % 2 == 0).Select(tenant => Say.Resumed(tenant)));
        await bed.UntilAsync(async () => await CountAsync(bed, CascadeStatus.Active) == 50, "half of them are active");
        (await bed.UseAsync<RegistryDbContext, int>(registry => registry.Tenants.CountAsync(tenant => tenant.IsSuspended))).ShouldBe(50);
        (await bed.ActiveModelsAsync("tenant-00")).ShouldBe(["m"]);
        (await bed.ActiveModelsAsync("tenant-01")).ShouldBeEmpty();
    }

    [Fact, Trait("row", "S13.15")]
    public async Task What_becomes_of_running_training_is_said_by_the_tenants_tier_and_shown_with_the_job_and_the_suspension()
    {
        await using var bed = await PlatformBed.StartAsync(await OpenAsync(), configure: services => services.Configure<TrainingSuspensionOptions>(options =>
        {
            options.Tiers["gold"] = TrainingPolicy.Pause;
            options.Tiers["platinum"] = TrainingPolicy.Finish;
        }));

        // One of no known tier, one that has changed its tier, and one that is what it was.
        await bed.SayAsync(Job.Tenant(9, "globex", "bronze"), Say.TenantUpdated("globex", "subscription_tier", "gold"), Job.Tenant(9, "initech", "platinum"));
        foreach (var tenant in (string[])["acme", "globex", "initech"])
        {
            await PopulateAsync(bed, tenant);
            await bed.SayAsync(Say.Suspended(tenant));
            await bed.UntilTenantAsync(CascadeStatus.Suspended, tenant: tenant);
        }

        await bed.UntilJobAsync("j1", TrainingStatus.Cancelled, "acme");
        await bed.UntilJobAsync("j1", TrainingStatus.Paused, "globex");
        (await bed.JobAsync("j1", "initech"))!.Status.ShouldBe(TrainingStatus.Started);
        (await bed.WorkloadsAsync("initech")).Jobs.ShouldBe(["j1"]);
        (await bed.WorkloadsAsync("initech")).MayTrain.ShouldBeFalse("none starts");
        (await bed.WorkloadsAsync("globex")).Jobs.ShouldBeEmpty();
        (await AnswerAsync(bed, "acme")).ShouldBe("{\"stopped_jobs\":[\"j1\"]}");
        (await AnswerAsync(bed, "globex")).ShouldBe("{\"paused_jobs\":[\"j1\"]}");
        (await AnswerAsync(bed, "initech")).ShouldBe("{\"running_jobs\":[\"j1\"]}");
        var suspension = (await bed.ShowAsync((await bed.SuspensionAsync("globex"))!.CorrelationId))!;
        suspension.Facts.ShouldContain(KeyValuePair.Create("tier", "gold"));
        suspension.Facts.ShouldContain(KeyValuePair.Create("training_policy", "pause"));
        var paused = (await bed.UseAsync<SagaQueries, IReadOnlyList<SagaSummary>>(queries => queries.ListAsync(new SagaFilter(State: "paused"), TestContext.Current.CancellationToken))).ShouldHaveSingleItem();
        (paused.TenantId, paused.Subject, paused.Note).ShouldBe(("globex", "j1", "model churn: tenant suspended: unpaid"));
        (await bed.ShowAsync(paused.Id))!.Timeouts.ShouldBeEmpty("its silence is not counted");

        // Work that was left to finish does, under the suspension; what was paused goes on at its end.
        await bed.SayAsync(Job.Completed(30, tenant: "initech"));
        await bed.UntilJobAsync("j1", TrainingStatus.VersionRegistered, "initech");
        await bed.SayAsync(Say.Resumed("globex"), Say.Resumed("acme"));
        await bed.UntilTenantAsync(CascadeStatus.Active, tenant: "globex");
        await bed.UntilJobAsync("j1", TrainingStatus.Started, "globex");
        await bed.UntilAsync(async () => (await bed.WorkloadsAsync("globex")).Jobs is ["j1"], "the trainer goes on, too");
        (await AnswerAsync(bed, "globex")).ShouldBe("{\"resumed_jobs\":[\"j1\"]}");
        (await bed.ShowAsync(paused.Id))!.Timeouts.ShouldHaveSingleItem().Event.ShouldBe(nameof(TrainingNewsOverdue));
        await bed.UntilTenantAsync(CascadeStatus.Active);
        (await bed.JobAsync("j1"))!.Status.ShouldBe(TrainingStatus.Cancelled);
        (await bed.LettersAsync()).ShouldBeEmpty();
    }

    private static async Task<string> AnswerAsync(PlatformBed bed, string tenant) =>
        CascadeRules.AnswersOf((await bed.SuspensionAsync(tenant))!)[CascadeService.Training].Details.GetRawText();

    private static Task<int> CountAsync(PlatformBed bed, CascadeStatus status) =>
        bed.UseAsync<SagasDbContext, int>(sagas => sagas.Suspensions.CountAsync(tenant => tenant.CurrentState == status.ToString()));

    private static async Task PopulateAsync(PlatformBed bed, string tenant, bool agents = true)
    {
        await bed.SayAsync(Say.Created(tenant, "a"), Say.Created(tenant, "b"), Say.Created(tenant, "off"), Say.Updated(tenant, "off", "1", "2", ("status", "disabled")), Job.Started(0, tenant: tenant));
        if (agents)
            await bed.SayAsync(Run(tenant, "run-1"), Run(tenant, "run-2"), Ended(tenant, "run-2"));
        var expected = $"jobs:j1 models:a,b agents:{(agents ? "run-1" : "")} train:True";
        await bed.UntilAsync(async () => Flat(await bed.WorkloadsAsync(tenant)) == expected && (await bed.ActiveModelsAsync(tenant)) is ["a", "b"], $"{tenant} works");
        await bed.UntilJobAsync("j1", TrainingStatus.Started, tenant);
    }

    private static string Flat(WorkloadsView view) => $"jobs:{string.Join(',', view.Jobs)} models:{string.Join(',', view.Models)} agents:{string.Join(',', view.Agents)} train:{view.MayTrain}";

    private static AgentExecutionStarted Run(string tenant, string execution) =>
        new() { TenantId = tenant, ExecutionId = execution, AgentId = "agent", Context = JsonSerializer.SerializeToElement(0), StartedBy = "alice" };

    private static AgentExecutionCompleted Ended(string tenant, string execution) =>
        new() { TenantId = tenant, ExecutionId = execution, AgentId = "agent", Result = JsonSerializer.SerializeToElement(0), ExecutionTimeMs = 1 };
}

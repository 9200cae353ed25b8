using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.Sagas;
using PhantomSync.Sagas.Training;
using PhantomSync.Tests.Registry;
using PhantomSync.Workloads;

namespace PhantomSync.Tests.Sagas.Training;

/// <summary>The training saga end to end: events in at the broker, its state and what it says out.</summary>
[Trait("row", "S19.15")]
public abstract class TrainingContract
{
    private protected abstract Task<PlatformStore> OpenAsync();

    [Fact, Trait("row", "S2.04"), Trait("row", "S2.05"), Trait("row", "S13.08")]
    public async Task A_job_is_finished_when_the_registry_has_confirmed_its_version()
    {
        await using var bed = await PlatformBed.StartAsync(await OpenAsync());
        var completed = Job.Completed(30);
        await bed.SayAsync(Job.Started(0), Job.Progressed(5), completed, Job.Started(0), Job.Completed(30));
        await bed.UntilJobAsync("j1", TrainingStatus.VersionRegistered);

        var job = (await bed.JobAsync("j1"))!;
        (job.ResultVersion, job.ArtifactsLocation, job.Attempts, job.StartedBy, job.NewsOverdueToken).ShouldBe(("v1", "s3://j1", 1, "alice", null));
        var shown = (await bed.ShowAsync(SagaId.OfJob("acme", "j1")))!;
        shown.Summary.State.ShouldBe("VersionRegistered");
        shown.Timeouts.ShouldBeEmpty();
        shown.History.ShouldContain(step => step.Event == "JobCompleted" && step.EventId == completed.SyncMetadata.EventId && step.To == "Completed");
        shown.History.Where(step => step.From != step.To).Select(step => step.To).ShouldBe(["Started", "Completed", "VersionRegistered"]);
        await bed.UntilAsync(async () => (await bed.WorkloadsAsync()).Jobs.Count == 0, "the job has ended for the trainer, too");
        (await bed.LettersAsync()).ShouldBeEmpty();
    }

    [Fact, Trait("row", "S2.06")]
    public async Task A_failed_job_can_be_started_again_and_another_tenants_job_of_the_same_name_is_another()
    {
        await using var bed = await PlatformBed.StartAsync(await OpenAsync());
        await bed.SayAsync(Job.Started(0), Job.Started(0, tenant: "globex"), Job.Failed(10));
        await bed.UntilJobAsync("j1", TrainingStatus.Failed);
        await bed.UntilJobAsync("j1", TrainingStatus.Started, "globex");
        await bed.SayAsync(Job.Started(20));
        await bed.UntilJobAsync("j1", TrainingStatus.Started);
        var job = (await bed.JobAsync("j1"))!;
        (job.Attempts, job.FailureReason, job.FailureDetails).ShouldBe((2, "out of memory", "{\"code\":137}"));
        (await bed.ShowAsync(job.CorrelationId))!.Timeouts.ShouldHaveSingleItem().Event.ShouldBe(nameof(TrainingNewsOverdue));
        (await bed.JobAsync("j1", "globex"))!.Attempts.ShouldBe(1);
    }

    [Fact, Trait("row", "S19.04")]
    public async Task A_deleted_models_running_jobs_are_cancelled_and_stopped_and_others_are_not()
    {
        await using var bed = await PlatformBed.StartAsync(await OpenAsync());
        await bed.SayAsync(Job.Started(0, job: "j1"), Job.Started(0, job: "j2"), Job.Completed(1, job: "j2"), Job.Started(0, job: "j3", model: "other"), Say.Deleted("acme", "churn"));
        await bed.UntilJobAsync("j1", TrainingStatus.Cancelled);
        await bed.UntilJobAsync("j2", TrainingStatus.VersionRegistered);
        (await bed.JobAsync("j1"))!.CancellationReason.ShouldBe("model deleted: obsolete");
        await bed.UntilAsync(async () => (await bed.WorkloadsAsync()).Jobs is ["j3"], "the trainer has stopped the cancelled job");
        (await bed.JobAsync("j3"))!.Status.ShouldBe(TrainingStatus.Started);
    }

    [Fact]
    public async Task A_quiet_job_stalls_is_reported_once_and_recovers()
    {
        await using var bed = await PlatformBed.StartAsync(
            await OpenAsync(), configure: services => services.Configure<TrainingLifecycleOptions>(options => options.QuietLimit = TimeSpan.FromSeconds(1)));
        await bed.SayAsync(Job.Started(0));
        await bed.UntilJobAsync("j1", TrainingStatus.Stalled);
        await bed.UntilAsync(() => Task.Run(() => bed.Log(CascadeEvents.Training).OfType<TrainingJobStalled>().Any()), "the stall is reported");
        await bed.SayAsync(Job.Completed(30));
        await bed.UntilJobAsync("j1", TrainingStatus.VersionRegistered);
        bed.Log(CascadeEvents.Training).OfType<TrainingJobStalled>().First().JobId.ShouldBe("j1");
    }

    [Fact, Trait("row", "S2.04"), Trait("row", "S2.06"), Trait("row", "S2.14"), Trait("row", "S17.02")]
    public async Task A_job_beyond_the_tenants_quota_is_reported_and_what_ends_gives_its_place_back()
    {
        await using var bed = await PlatformBed.StartAsync(await OpenAsync());
        await bed.SayAsync(Job.Tenant(maxJobs: 1));
        await UntilLimitAsync(bed, 1);
        await bed.SayAsync(Job.Started(0, job: "j1"), Job.Started(1, job: "j2", model: "other"));
        await UntilToldAsync(bed, 1);
        var told = Exceeded(bed).ShouldHaveSingleItem();
        (told.TenantId, told.Quota, told.Limit, told.Used).ShouldBe(("acme", "max_concurrent_jobs", 1UL, 2UL));
        var audited = bed.Log("phantom.audit").OfType<AuditLogCreated>().Single(entry => entry.Action == "EXCEED_QUOTA");
        (audited.ResourceType, audited.ResourceId, audited.UserId).ShouldBe(("TRAINING_JOB", told.JobId, "system:workloads"));

        await bed.SayAsync(Job.Failed(2, job: "j1"), Job.Completed(2, job: "j2", model: "other"));
        await bed.UntilAsync(async () => (await bed.WorkloadsAsync()).Jobs.Count == 0, "both have ended");
        await bed.SayAsync(Job.Started(3, job: "j3"));
        await bed.UntilAsync(async () => (await bed.WorkloadsAsync()).Jobs is ["j3"], "the third runs");
        await bed.SayAsync(Job.Quota("\"many\""), Job.Quota("3"));
        await UntilLimitAsync(bed, 3);
        await bed.SayAsync(Job.Started(4, job: "j4"), Job.Started(4, job: "j5"), Job.Started(4, job: "j6"));
        await UntilToldAsync(bed, 2);
        (Exceeded(bed)[1].JobId, Exceeded(bed)[1].Used).ShouldBe(("j6", 4UL));
        await bed.SayAsync(Job.Quota("\"unlimited\""));
        await UntilLimitAsync(bed, null);
        await bed.SayAsync(Job.Started(5, job: "j7"));
        await bed.UntilAsync(async () => (await bed.WorkloadsAsync()).Jobs.Count == 5, "all run");
        Exceeded(bed).Count.ShouldBe(2);
        (await bed.LettersAsync()).ShouldHaveSingleItem().Reason.ShouldStartWith("changes.resource_quotas.max_concurrent_jobs is String (\"many\"); expected is a whole number");
    }

    private static List<TrainingQuotaExceeded> Exceeded(PlatformBed bed) => [.. bed.Log(CascadeEvents.Training).OfType<TrainingQuotaExceeded>().DistinctBy(told => told.JobId)];

    private static Task UntilToldAsync(PlatformBed bed, int jobs) => bed.UntilAsync(
        () => Task.Run(() => Exceeded(bed).Count == jobs && bed.Log("phantom.audit").OfType<AuditLogCreated>().Where(entry => entry.Action == "EXCEED_QUOTA").DistinctBy(entry => entry.LogId).Count() == jobs),
        $"{jobs} jobs too many are reported");

    private static Task UntilLimitAsync(PlatformBed bed, long? limit) => bed.UntilAsync(
        () => bed.UseAsync<WorkloadsDbContext, bool>(workloads => workloads.Quotas.AnyAsync(quota => quota.TenantId == "acme" && quota.MaxConcurrentJobs == limit)), $"the limit is {limit}");
}

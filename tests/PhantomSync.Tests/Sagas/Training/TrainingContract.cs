using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.Sagas;
using PhantomSync.Sagas.Training;
using PhantomSync.Tests.Registry;

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
}

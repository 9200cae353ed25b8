using PhantomSync.Contracts;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Tests.Sagas.Training;

[Trait("row", "S19.15")]
public sealed class TrainingRulesTests
{
    [Fact, Trait("row", "S2.04"), Trait("row", "S2.05")]
    public void A_job_goes_from_its_start_to_the_version_that_the_registry_confirms()
    {
        var job = new Job();
        job.Hear(Job.Started(0)).ShouldBe(TrainingStatus.Started);
        job.Hear(Job.Completed(30)).ShouldBe(TrainingStatus.Completed);
        job.Hear(Job.Registered(31)).ShouldBe(TrainingStatus.VersionRegistered);
        (job.State.TenantId, job.State.JobId, job.State.ModelId, job.State.StartedBy, job.State.Attempts).ShouldBe(("acme", "j1", "churn", "alice", 1));
        (job.State.StartedAt, job.State.CompletedAt, job.State.VersionRegisteredAt).ShouldBe((Job.Noon, Job.Noon.AddMinutes(30), Job.Noon.AddMinutes(31)));
        (job.State.Resources, job.State.Metrics, job.State.ArtifactsLocation, job.State.ResultVersion)
            .ShouldBe(("{\"gpu_count\":2}", "{\"accuracy\":0.9,\"loss\":\"NaN\"}", "s3://j1", "v1"));
    }

    [Fact, Trait("row", "S13.15")]
    public void A_paused_job_does_not_stall_and_its_silence_is_counted_anew_when_it_goes_on()
    {
        var job = new Job();
        job.Hear(Job.Started(0));
        job.Hear(Job.Pause(10)).ShouldBe(TrainingStatus.Paused);
        (job.State.PausedAt, job.State.PauseReason, TrainingRules.IsWatched(job.Status)).ShouldBe((Job.Noon.AddMinutes(10), "tenant suspended: unpaid", false));
        job.Now += 5 * Job.QuietLimit;
        job.Hear(Job.Overdue()).ShouldBe(TrainingStatus.Paused);
        job.Hear(Job.Progressed(11)).ShouldBe(TrainingStatus.Paused, "what it said before it was paused");
        job.Hear(Job.Resume(60)).ShouldBe(TrainingStatus.Started);
        job.Hear(Job.Overdue()).ShouldBe(TrainingStatus.Started);
        job.Now += Job.QuietLimit;
        job.Hear(Job.Overdue()).ShouldBe(TrainingStatus.Stalled);
        job.Told.ShouldBe([TrainingStatus.Stalled]);
    }

    [Fact, Trait("row", "S13.15")]
    public void Commands_of_a_suspension_that_is_over_and_commands_that_come_again_change_nothing()
    {
        var job = new Job();
        job.Hear(Job.Started(0));
        job.Hear(Job.Resume(20, suspension: 2)).ShouldBe(TrainingStatus.Started);
        job.Hear(Job.Pause(10, suspension: 1)).ShouldBe(TrainingStatus.Started);
        job.Hear(Job.Pause(10, suspension: 2)).ShouldBe(TrainingStatus.Started);
        job.Hear(Job.Pause(30, suspension: 3)).ShouldBe(TrainingStatus.Paused);
        job.Hear(Job.Pause(31, suspension: 3)).ShouldBe(TrainingStatus.Paused);
        job.State.PausedAt.ShouldBe(Job.Noon.AddMinutes(30));
        job.Hear(Job.Resume(20, suspension: 2)).ShouldBe(TrainingStatus.Paused);
        job.Hear(Job.Completed(40)).ShouldBe(TrainingStatus.Completed);
        job.Hear(Job.Resume(50, suspension: 3)).ShouldBe(TrainingStatus.Completed);
    }

    public static TheoryData<string, string> Orders => new()
    {
        { "Completed Started", "Completed" },
        { "Registered Completed Started", "VersionRegistered" },
        { "Registered Started Completed", "VersionRegistered" },
        { "Started Registered Completed", "VersionRegistered" },
        { "Failed Started", "Failed" },
        { "Started Completed Failed", "Completed" },
        { "Started Failed Completed", "Completed" },
        { "Cancel Started Completed Registered", "Cancelled" },
        { "Started Cancel Completed Registered", "Cancelled" },
        { "Started Cancel Failed", "Cancelled" },
        { "Started Completed Cancel Registered", "VersionRegistered" },
        { "Started Failed Cancel", "Failed" },
        { "Progressed Started", "Started" },
        { "Progressed Completed Started Registered", "VersionRegistered" },
        { "Started Completed Progressed", "Completed" },
        { "Started Failed Progressed", "Failed" },
        { "Started Failed Started2 Completed2 Registered", "VersionRegistered" },
        { "Started Cancel Started2", "Started" },
        { "Started Cancel Started2 Cancel1", "Started" },
        { "Started Failed Started2 Failed", "Started" },
        { "Started Started2 Failed", "Started" },
        { "Started Failed Started2 Started", "Started" },
        { "Registered Started Failed", "VersionRegistered" },
    };

    [Theory, MemberData(nameof(Orders)), Trait("row", "S2.06")]
    public void Whatever_order_they_come_in_they_lead_to_one_defined_state(string order, string state)
    {
        var job = new Job();
        foreach (var name in order.Split(' '))
            job.Hear(Named(name));
        job.Status.ToString().ShouldBe(state);
    }

    [Fact]
    public void Facts_that_come_late_are_kept_all_the_same()
    {
        var job = new Job();
        foreach (var name in "Cancel Registered Completed Failed Started".Split(' '))
            job.Hear(Named(name));
        job.Status.ShouldBe(TrainingStatus.Cancelled);
        (job.State.StartedBy, job.State.ArtifactsLocation, job.State.ResultVersion, job.State.FailureReason, job.State.FailureDetails)
            .ShouldBe(("alice", "s3://j1", "v1", "out of memory", "{\"code\":137}"));
    }

    [Fact, Trait("row", "S2.06")]
    public void A_retry_counts_and_leaves_the_failure_before_it_on_record()
    {
        var job = new Job();
        foreach (var name in "Started Failed Started2 Started2".Split(' '))
            job.Hear(Named(name));
        (job.Status, job.State.Attempts, job.State.StartedAt, job.State.FailureReason).ShouldBe((TrainingStatus.Started, 2, Job.Noon.AddMinutes(20), "out of memory"));
    }

    [Fact, Trait("row", "S13.15")]
    public void Attempts_that_were_stopped_before_they_were_heard_of_do_not_run_and_a_later_one_does()
    {
        var job = new Job();
        job.Hear(Job.Cancel(25, attempt: 2)).ShouldBe(TrainingStatus.Cancelled);
        foreach (var name in "Started Failed Started2".Split(' '))
            job.Hear(Named(name)).ShouldBe(TrainingStatus.Cancelled);
        job.Hear(Job.Started(60)).ShouldBe(TrainingStatus.Started);
        job.State.Attempts.ShouldBe(3);
    }

    [Fact]
    public void A_job_that_says_it_trains_another_model_is_not_believed()
    {
        var job = new Job();
        job.Hear(Job.Started(0));
        job.Hear(Job.Completed(1, model: "other")).ShouldBe(TrainingStatus.Started);
        job.State.CompletedAt.ShouldBeNull();
    }

    [Fact]
    public void Quiet_jobs_stall_at_the_limit_and_not_before_and_recover_with_news()
    {
        var job = new Job();
        job.Hear(Job.Started(0));
        job.Now += Job.QuietLimit - TimeSpan.FromSeconds(1);
        job.Hear(Job.Overdue()).ShouldBe(TrainingStatus.Started);
        job.Hear(Job.Progressed(59)).ShouldBe(TrainingStatus.Started);
        job.Now += TimeSpan.FromSeconds(1);
        job.Hear(Job.Overdue()).ShouldBe(TrainingStatus.Started);
        job.Now += Job.QuietLimit;
        job.Hear(Job.Overdue()).ShouldBe(TrainingStatus.Stalled);
        job.Hear(Job.Overdue()).ShouldBe(TrainingStatus.Stalled);
        job.Hear(Job.Started(0)).ShouldBe(TrainingStatus.Stalled, "a duplicate is no news");
        job.Hear(Job.Progressed(200)).ShouldBe(TrainingStatus.Started);
        job.Now += Job.QuietLimit;
        job.Hear(Job.Overdue()).ShouldBe(TrainingStatus.Stalled);
        job.Hear(Job.Completed(300)).ShouldBe(TrainingStatus.Completed);
        job.Told.ShouldBe([TrainingStatus.Stalled, TrainingStatus.Stalled]);
    }

    [Fact]
    public void A_completed_job_whose_version_is_not_confirmed_stalls_and_cannot_be_cancelled_any_more()
    {
        var job = new Job();
        job.Hear(Job.Started(0));
        job.Hear(Job.Completed(1));
        job.Now += Job.QuietLimit;
        job.Hear(Job.Overdue()).ShouldBe(TrainingStatus.Stalled);
        job.Hear(Job.Cancel(2)).ShouldBe(TrainingStatus.Stalled);
        job.Hear(Job.Failed(2)).ShouldBe(TrainingStatus.Stalled);
        job.Hear(Job.Registered(90)).ShouldBe(TrainingStatus.VersionRegistered);
        job.Hear(Job.Overdue()).ShouldBe(TrainingStatus.VersionRegistered);
    }

    [Fact]
    public void Only_the_registrys_announcement_of_a_job_confirms_a_version()
    {
        TrainingRules.JobIn(Job.Registered(0)).ShouldBe("j1");
        TrainingRules.JobIn(Job.Registered(0, source: "someone")).ShouldBeNull();
        TrainingRules.JobIn(Job.Registered(0) with { Changes = new Dictionary<string, System.Text.Json.JsonElement>() }).ShouldBeNull();
    }

    private static ISyncEvent Named(string name) => name switch
    {
        "Started" => Job.Started(0),
        "Started2" => Job.Started(20),
        "Completed" => Job.Completed(10),
        "Completed2" => Job.Completed(30),
        "Failed" => Job.Failed(10),
        "Registered" => Job.Registered(31),
        "Progressed" => Job.Progressed(5),
        "Cancel" => Job.Cancel(6),
        "Cancel1" => Job.Cancel(6, attempt: 1),
        _ => throw new ArgumentException(name, nameof(name)),
    };
}

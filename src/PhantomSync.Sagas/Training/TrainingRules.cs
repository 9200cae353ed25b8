using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Training;

/// <summary>
/// What an event means for a training job. Facts are kept in whatever order they arrive; a result outweighs a failure, and
/// which attempt an event belongs to is told by the trainer's own clock.
/// </summary>
internal static class TrainingRules
{
    /// <summary>Takes the event's facts into <paramref name="job"/> and says where it stands then.</summary>
    public static TrainingStatus Decide(TrainingLifecycleState job, ISyncEvent e, DateTimeOffset now, TimeSpan quietLimit)
    {
        var status = job.Status;
        if (e is TrainingNewsOverdue)
            return Remind(job, status, now, quietLimit);
        var (jobId, modelId) = NamesIn(e);
        if (status == TrainingStatus.Initial)
            (job.TenantId, job.JobId, job.ModelId, job.LastNewsAt) = (e.TenantId, jobId, modelId, now);
        else if (job.ModelId != modelId)
            return status;

        var at = e.SyncMetadata.OccurredAt.ToDateTimeOffset();
        return e switch
        {
            TrainingJobStarted started => Start(job, status, started, at, now),
            TrainingJobProgressed => Progress(job, status, now),
            TrainingJobCompleted completed => Complete(job, status, completed, at, now),
            TrainingJobFailed failed => Fail(job, status, failed, at),
            ModelUpdated updated => Register(job, status, updated, at),
            CancelTrainingJob cancel => Cancel(job, status, cancel, at),
            PauseTrainingJob pause => Pause(job, status, pause, at),
            ResumeTrainingJob resume => Resume(job, status, resume, now),
            _ => status,
        };
    }

    /// <summary>The job whose version the registry announces; null where an update is something else.</summary>
    public static string? JobIn(ModelUpdated updated) =>
        updated.SyncMetadata.SourceService == CascadeService.Models
        && updated.Changes.TryGetValue("training_job_id", out var job) && job.ValueKind == JsonValueKind.String
            ? job.GetString()
            : null;

    private static (string Job, string Model) NamesIn(ISyncEvent e) => e switch
    {
        TrainingJobStarted x => (x.JobId, x.ModelId),
        TrainingJobProgressed x => (x.JobId, x.ModelId),
        TrainingJobCompleted x => (x.JobId, x.ModelId),
        TrainingJobFailed x => (x.JobId, x.ModelId),
        CancelTrainingJob x => (x.JobId, x.ModelId),
        PauseTrainingJob x => (x.JobId, x.ModelId),
        ResumeTrainingJob x => (x.JobId, x.ModelId),
        ModelUpdated x => (JobIn(x) ?? "", x.ModelId),
        _ => throw new ArgumentException($"{e.GetType().Name} tells nothing of a training job.", nameof(e)),
    };

    private static TrainingStatus Start(TrainingLifecycleState job, TrainingStatus status, TrainingJobStarted started, DateTimeOffset at, DateTimeOffset now)
    {
        if (job.StartedAt >= at)
            return status;
        var late = job.StartedAt is null;
        var over = status is TrainingStatus.Completed or TrainingStatus.VersionRegistered || job.CompletedAt is not null;
        if (!late && over && status != TrainingStatus.Cancelled)
            return status;
        (job.StartedAt, job.StartedBy, job.LastNewsAt) = (at, started.StartedBy, now);
        job.Resources = JsonSerializer.Serialize(started.ResourceAllocation, SagaJson.Default.ResourceAllocation);
        if (late)
            return status is TrainingStatus.Initial or TrainingStatus.Stalled ? Unstalled(job) : status;

        // A retry: what an attempt before it left behind is no result of this one.
        job.Attempts++;
        (job.CompletedAt, job.Metrics, job.ArtifactsLocation) = (null, null, null);
        return job.Attempts <= job.CancelledAttempt ? TrainingStatus.Cancelled : Running(job);
    }

    private static TrainingStatus Progress(TrainingLifecycleState job, TrainingStatus status, DateTimeOffset now)
    {
        if (status is not (TrainingStatus.Initial or TrainingStatus.Started or TrainingStatus.Stalled or TrainingStatus.Paused))
            return status;
        job.LastNewsAt = now;
        return Unstalled(job);
    }

    private static TrainingStatus Complete(TrainingLifecycleState job, TrainingStatus status, TrainingJobCompleted completed, DateTimeOffset at, DateTimeOffset now)
    {
        if (job.CompletedAt is null)
        {
            (job.CompletedAt, job.ArtifactsLocation, job.LastNewsAt) = (at, completed.ArtifactsLocation, now);
            job.Metrics = MetricsJson.Of(completed.FinalMetrics);
        }
        else if (status == TrainingStatus.Stalled)
        {
            job.LastNewsAt = now;
        }

        return status is TrainingStatus.Cancelled or TrainingStatus.VersionRegistered ? status
            : job.VersionRegisteredAt is null ? TrainingStatus.Completed
            : TrainingStatus.VersionRegistered;
    }

    private static TrainingStatus Fail(TrainingLifecycleState job, TrainingStatus status, TrainingJobFailed failed, DateTimeOffset at)
    {
        if (job.FailedAt is null || job.FailedAt < at)
            (job.FailedAt, job.FailureReason, job.FailureDetails) = (at, failed.FailureReason, failed.ErrorDetails.GetRawText());
        var earlier = job.StartedAt > at;
        return IsRunning(job, status) && !earlier ? TrainingStatus.Failed : status;
    }

    private static TrainingStatus Register(TrainingLifecycleState job, TrainingStatus status, ModelUpdated updated, DateTimeOffset at)
    {
        if (job.VersionRegisteredAt is null)
            (job.VersionRegisteredAt, job.ResultVersion) = (at, updated.NewVersion);
        return status == TrainingStatus.Cancelled ? status : TrainingStatus.VersionRegistered;
    }

    private static TrainingStatus Cancel(TrainingLifecycleState job, TrainingStatus status, CancelTrainingJob cancel, DateTimeOffset at)
    {
        if (!IsRunning(job, status) || cancel.Attempt < job.Attempts || job.CancelledAt >= at)
            return status;
        job.CancelledAttempt = Math.Max(job.Attempts, (int)Math.Min(cancel.Attempt ?? 0, int.MaxValue));
        (job.CancelledAt, job.CancellationCause, job.CancellationReason, job.CancelledBy) = (at, cancel.Cause, cancel.Reason, cancel.RequestedBy);
        return TrainingStatus.Cancelled;
    }

    private static TrainingStatus Pause(TrainingLifecycleState job, TrainingStatus status, PauseTrainingJob pause, DateTimeOffset at)
    {
        if (!Follow(job, CascadePosition.Of(pause.Suspension, CascadeAction.Suspend)))
            return status;
        (job.PausedAt, job.PauseReason) = (at, pause.Reason);
        return IsRunning(job, status) ? TrainingStatus.Paused : status;
    }

    /// <summary>Its silence while it was paused does not count.</summary>
    private static TrainingStatus Resume(TrainingLifecycleState job, TrainingStatus status, ResumeTrainingJob resume, DateTimeOffset now)
    {
        if (!Follow(job, CascadePosition.Of(resume.Suspension, CascadeAction.Resume)) || status is not (TrainingStatus.Initial or TrainingStatus.Paused))
            return status;
        job.LastNewsAt = now;
        return TrainingStatus.Started;
    }

    /// <summary>Whether the suspensions have come further than the job knew.</summary>
    private static bool Follow(TrainingLifecycleState job, CascadePosition to)
    {
        if (to.Step <= job.SuspensionStep)
            return false;
        job.SuspensionStep = to.Step;
        return true;
    }

    private static TrainingStatus Remind(TrainingLifecycleState job, TrainingStatus status, DateTimeOffset now, TimeSpan quietLimit)
    {
        if (!IsWatched(status) || now - job.LastNewsAt < quietLimit)
            return status;
        job.StalledAt = now;
        return TrainingStatus.Stalled;
    }

    /// <summary>Whether news of a job in this state are waited for, and for how long at most.</summary>
    public static bool IsWatched(TrainingStatus status) => status is TrainingStatus.Started or TrainingStatus.Completed;

    /// <summary>Whether it can still fail, be cancelled or be paused.</summary>
    private static bool IsRunning(TrainingLifecycleState job, TrainingStatus status) =>
        status is TrainingStatus.Initial or TrainingStatus.Started or TrainingStatus.Stalled or TrainingStatus.Paused && job.CompletedAt is null;

    /// <summary>What a job is that runs as far as the trainer is concerned.</summary>
    private static TrainingStatus Running(TrainingLifecycleState job) =>
        new CascadePosition(job.SuspensionStep).IsSuspended ? TrainingStatus.Paused : TrainingStatus.Started;

    /// <summary>What a job is that was heard of again.</summary>
    private static TrainingStatus Unstalled(TrainingLifecycleState job) => job.CompletedAt is null ? Running(job) : TrainingStatus.Completed;
}

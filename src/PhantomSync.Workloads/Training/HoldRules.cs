using PhantomSync.Contracts;

namespace PhantomSync.Workloads.Training;

/// <summary>What becomes of a job when its tenant's suspension begins and when it ends.</summary>
internal static class HoldRules
{
    /// <summary>Whether the suspension concerns the job.</summary>
    public static bool Concerns(TrainingJob job, string policy) => job.Status switch
    {
        JobStatus.Running => policy != TrainingPolicy.Finish,
        JobStatus.Paused => true,

        // The training saga, which hears of the suspension too, may have cancelled it already.
        JobStatus.Stopped => policy == TrainingPolicy.Cancel && job.StoppedBySuspension is null && job.Cause == CancellationCause.TenantSuspended,
        _ => false,
    };

    /// <summary>The suspension takes hold of a job that it concerns.</summary>
    /// <returns>What its saga is told, which may not have heard of its start yet; null where that knows.</returns>
    public static ISyncEvent? Hold(TrainingJob job, string policy, StopTenantTraining command)
    {
        var (before, reason) = (job.Status, $"tenant suspended: {command.Reason}");
        switch (policy)
        {
            case TrainingPolicy.Finish:
                // The suspension before has paused it, and its end was overtaken.
                return Release(job, command.Suspension - 1);
            case TrainingPolicy.Pause:
                (job.Status, job.StoppedBySuspension) = (JobStatus.Paused, command.Suspension);
                return new PauseTrainingJob
                {
                    TenantId = job.TenantId,
                    ModelId = job.ModelId,
                    JobId = job.JobId,
                    Suspension = command.Suspension,
                    Reason = reason,
                    RequestedBy = WorkloadsModule.ServiceName,
                };
            default:
                (job.Status, job.StoppedBySuspension) = (JobStatus.Stopped, command.Suspension);
                return before == JobStatus.Stopped ? null : new CancelTrainingJob
                {
                    TenantId = job.TenantId,
                    ModelId = job.ModelId,
                    JobId = job.JobId,
                    Attempt = (uint)job.Attempts,
                    Cause = CancellationCause.TenantSuspended,
                    Reason = reason,
                    RequestedBy = WorkloadsModule.ServiceName,
                };
        }
    }

    /// <summary>A paused job goes on.</summary>
    public static ResumeTrainingJob Release(TrainingJob job, uint suspension)
    {
        job.Status = JobStatus.Running;
        return new ResumeTrainingJob { TenantId = job.TenantId, ModelId = job.ModelId, JobId = job.JobId, Suspension = suspension, RequestedBy = WorkloadsModule.ServiceName };
    }
}

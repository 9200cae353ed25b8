using PhantomSync.Contracts;
using PhantomSync.Sagas.Tenants;

namespace PhantomSync.Sagas.Training;

/// <summary>What a job that may be running is told when its tenant's suspension begins and when it ends.</summary>
internal static class HoldRules
{
    /// <returns>Null where there is nothing to tell it.</returns>
    public static ISyncEvent? Hold(TrainingLifecycleState job, TenantSuspensionState suspension)
    {
        var (number, reason) = ((uint)suspension.Suspension, $"tenant suspended: {suspension.Reason}");
        return suspension.TrainingPolicy switch
        {
            TrainingPolicy.Cancel => RunningTraining.Cancel(job, CancellationCause.TenantSuspended, reason, suspension.SuspendedBy),
            TrainingPolicy.Pause => job.SuspensionStep >= CascadePosition.Of(number, CascadeAction.Suspend).Step ? null
                : new PauseTrainingJob { TenantId = job.TenantId, ModelId = job.ModelId, JobId = job.JobId, Suspension = number, Reason = reason, RequestedBy = suspension.SuspendedBy },

            // What the suspension before has paused, and whose end was overtaken, is to finish, too.
            _ => job.Status == TrainingStatus.Paused ? Release(job, number - 1) : null,
        };
    }

    /// <summary>A running one is told, too: a command to pause it may be under way still.</summary>
    /// <returns>Null where it knows.</returns>
    public static ISyncEvent? Release(TrainingLifecycleState job, uint number) =>
        job.SuspensionStep >= CascadePosition.Of(number, CascadeAction.Resume).Step ? null
            : new ResumeTrainingJob { TenantId = job.TenantId, ModelId = job.ModelId, JobId = job.JobId, Suspension = number, RequestedBy = SagasModule.ServiceName };
}

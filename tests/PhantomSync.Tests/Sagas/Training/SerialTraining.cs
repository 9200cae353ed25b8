using PhantomSync.Contracts;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Tests.Sagas.Training;

/// <summary>
/// What a training saga is when everything comes once, in its order, and nothing is late: the specification that the real one is
/// compared with. It knows no timestamps and no stalling.
/// </summary>
internal sealed record SerialTraining(TrainingStatus Status, int Attempts, bool HasResult, string? Version, bool HasFailed, int Cancellations, int CancelledUpTo = 0)
{
    public static SerialTraining Nothing { get; } = new(TrainingStatus.Initial, 1, false, null, false, 0);

    public SerialTraining Hear(ISyncEvent e) => (e, Status) switch
    {
        (TrainingJobStarted, TrainingStatus.Initial) => this with { Status = TrainingStatus.Started },
        (TrainingJobStarted, TrainingStatus.Failed or TrainingStatus.Cancelled or TrainingStatus.Started) => this with { Status = Attempts < CancelledUpTo ? TrainingStatus.Cancelled : TrainingStatus.Started, Attempts = Attempts + 1, HasResult = false },
        (TrainingJobCompleted, TrainingStatus.Started) => this with { Status = TrainingStatus.Completed, HasResult = true },
        (TrainingJobCompleted, TrainingStatus.Cancelled) => this with { HasResult = true },
        (TrainingJobFailed, TrainingStatus.Started) => this with { Status = TrainingStatus.Failed, HasFailed = true },
        (TrainingJobFailed, _) => this with { HasFailed = true },
        (ModelUpdated updated, TrainingStatus.Cancelled) => this with { Version = updated.NewVersion },
        (ModelUpdated updated, _) => this with { Status = TrainingStatus.VersionRegistered, Version = updated.NewVersion },
        (CancelTrainingJob cancel, TrainingStatus.Started) when cancel.Attempt is null || cancel.Attempt >= Attempts =>
            this with { Status = TrainingStatus.Cancelled, Cancellations = Cancellations + 1, CancelledUpTo = (int)Math.Max(Attempts, cancel.Attempt ?? 0) },
        _ => this,
    };

}

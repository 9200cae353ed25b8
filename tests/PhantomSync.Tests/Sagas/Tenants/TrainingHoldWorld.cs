using PhantomSync.Contracts;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Sagas.Training;
using PhantomSync.Tests.Sagas.Training;
using PhantomSync.Workloads.Training;
using SagaRules = PhantomSync.Sagas.Training.HoldRules;
using TrainerRules = PhantomSync.Workloads.Training.HoldRules;

namespace PhantomSync.Tests.Sagas.Tenants;

/// <summary>
/// A tenant with one running job in the middle of its cascades: the job as the trainer knows it, its saga, and the ways between them,
/// which have no order among each other. Each way keeps its own order, and delivers again what it has delivered.
/// </summary>
internal sealed class TrainingHoldWorld
{
    private readonly Queue<ITenantCommand> _commands = new();
    private readonly Queue<ISyncEvent> _outcomes = new(), _ofTrainer = new(), _ofSagas = new(), _ofJob = new();
    private readonly List<ISyncEvent> _heard = [];

    public TrainingHoldWorld(IEnumerable<ISyncEvent> log, Func<long, string> policy)
    {
        Cascade = new CascadeWorld(log)
        {
            Terms = suspension => new TrainingTerms(null, policy(suspension)),
            OnOutcome = _outcomes.Enqueue,
            OnFollowed = Follow,
            OnCommand = command =>
            {
                if (command is StopTenantTraining or AllowTenantTraining)
                    _commands.Enqueue(command);
            },
        };
        Saga.Hear(Job.Started(0));
    }

    public CascadeWorld Cascade { get; }

    /// <summary>The job as its saga knows it.</summary>
    public Job Saga { get; } = new();

    /// <summary>The job as the trainer knows it.</summary>
    public TrainingJob Trainer { get; } = new() { TenantId = CascadeWorld.Tenant, JobId = "j1", ModelId = "churn", Attempts = 1, Status = JobStatus.Running };

    /// <summary>Delivers one thing; which, <paramref name="choice"/> says.</summary>
    public void Step(uint choice)
    {
        switch (choice % 8)
        {
            case 0 when _commands.TryDequeue(out var command):
                HearCommand(command);
                break;
            case 1 when _outcomes.TryDequeue(out var outcome):
                HearOutcome(outcome);
                break;
            case 2 when _ofTrainer.TryDequeue(out var told):
                Hear(told);
                break;
            case 3 when _ofSagas.TryDequeue(out var told):
                Hear(told);
                break;
            case 4 when _ofJob.TryDequeue(out _):
                HearCancelled();
                break;
            case 5 when _heard.Count > 0:
                Hear(_heard[(int)(choice / 8 % _heard.Count)]);
                break;
            default:
                Cascade.Step(choice / 8);
                break;
        }
    }

    /// <summary>Delivers whatever is under way, until nothing is.</summary>
    public void Settle()
    {
        do
        {
            Cascade.Settle();
            for (uint way = 0; way < 5; way++)
                Step(way);
        }
        while (_commands.Count + _outcomes.Count + _ofTrainer.Count + _ofSagas.Count + _ofJob.Count > 0);
    }

    /// <summary>The training service.</summary>
    private void Follow(ITenantCommand command, string outcome)
    {
        if (outcome != CascadeOutcome.Done)
            return;
        if (command is StopTenantTraining stop && TrainerRules.Concerns(Trainer, stop.Policy!) && TrainerRules.Hold(Trainer, stop.Policy!, stop) is { } told)
            _ofTrainer.Enqueue(told);
        else if (command is AllowTenantTraining && Trainer.Status == JobStatus.Paused)
            _ofTrainer.Enqueue(TrainerRules.Release(Trainer, command.Suspension));
    }

    /// <summary>The training saga's group, which looks at its own database only.</summary>
    private void HearCommand(ITenantCommand command)
    {
        if (command is StopTenantTraining)
            Hold(command.Suspension);
        else if (((AllowTenantTraining)command).Policy == TrainingPolicy.Pause)
            Tell(SagaRules.Release(Saga.State, command.Suspension));
    }

    private void HearOutcome(ISyncEvent outcome)
    {
        if (outcome is TenantSuspensionCompleted completed)
            Hold(completed.Suspension);
        else if (outcome is TenantResumed resumed && Saga.Status == TrainingStatus.Paused)
            Tell(SagaRules.Release(Saga.State, resumed.Suspension));
    }

    private void Hold(uint suspension)
    {
        if (Cascade.Saga.Status is CascadeStatus.Suspending or CascadeStatus.Suspended && Cascade.Saga.Suspension == suspension)
            Tell(SagaRules.Hold(Saga.State, Cascade.Saga));
    }

    private void Tell(ISyncEvent? told)
    {
        if (told is not null && Saga.Status is (TrainingStatus.Started or TrainingStatus.Paused))
            _ofSagas.Enqueue(told);
    }

    private void Hear(ISyncEvent told)
    {
        _heard.Add(told);
        var before = Saga.Status;
        if (Saga.Hear(told) == TrainingStatus.Cancelled && before != TrainingStatus.Cancelled)
            _ofJob.Enqueue(told);
    }

    private void HearCancelled()
    {
        Trainer.Cause ??= CancellationCause.TenantSuspended;
        Trainer.Status = JobStatus.Stopped;
    }
}

using MassTransit;
using Microsoft.Extensions.Options;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Training;

/// <summary>
/// A training job from its start to the version that the registry confirms. Read it as a table: in which state, on which event,
/// where it may lead; <see cref="TrainingRules"/> decides which of them it is.
/// </summary>
public sealed class TrainingLifecycle : MassTransitStateMachine<TrainingLifecycleState>
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _quietLimit;

    public TrainingLifecycle(TimeProvider time, IOptions<TrainingLifecycleOptions> options)
    {
        (_time, _quietLimit) = (time, options.Value.QuietLimit);
        InstanceState(job => job.CurrentState);
        Event(() => JobStarted, e => e.CorrelateById(context => SagaId.OfJob(context.Message.TenantId, context.Message.JobId)));
        Event(() => JobProgressed, e => e.CorrelateById(context => SagaId.OfJob(context.Message.TenantId, context.Message.JobId)));
        Event(() => JobCompleted, e => e.CorrelateById(context => SagaId.OfJob(context.Message.TenantId, context.Message.JobId)));
        Event(() => JobFailed, e => e.CorrelateById(context => SagaId.OfJob(context.Message.TenantId, context.Message.JobId)));
        Event(() => CancelRequested, e => e.CorrelateById(context => SagaId.OfJob(context.Message.TenantId, context.Message.JobId)));
        Event(() => PauseRequested, e => e.CorrelateById(context => SagaId.OfJob(context.Message.TenantId, context.Message.JobId)));
        Event(() => ResumeRequested, e => e.CorrelateById(context => SagaId.OfJob(context.Message.TenantId, context.Message.JobId)));
        Event(() => VersionAnnounced, e => e.CorrelateById(context => SagaId.OfJob(context.Message.TenantId, TrainingRules.JobIn(context.Message) ?? "")));
        Schedule(() => NewsOverdue, job => job.NewsOverdueToken, schedule =>
        {
            schedule.Delay = _quietLimit;
            schedule.Received = e =>
            {
                e.CorrelateById(context => SagaId.OfJob(context.Message.TenantId, context.Message.JobId));
                e.OnMissingInstance(missing => missing.Discard());
            };
        });

        Initially(
            On(JobStarted, Started),
            On(JobProgressed, Started),
            On(JobCompleted, Completed),
            On(JobFailed, Failed),
            On(CancelRequested, Cancelled),
            On(PauseRequested, Paused),
            On(ResumeRequested, Started),
            On(VersionAnnounced, VersionRegistered));
        During(
            Started,
            On(JobStarted, Started),
            On(JobProgressed),
            On(JobCompleted, Completed, VersionRegistered),
            On(JobFailed, Failed),
            On(CancelRequested, Cancelled),
            On(PauseRequested, Paused),
            On(ResumeRequested),
            On(VersionAnnounced, VersionRegistered),
            On(NewsOverdue.Received, Stalled));
        During(
            Stalled,
            On(JobStarted, Started, Completed),
            On(JobProgressed, Started, Completed),
            On(JobCompleted, Completed, VersionRegistered),
            On(JobFailed, Failed),
            On(CancelRequested, Cancelled),
            On(PauseRequested, Paused),
            On(ResumeRequested),
            On(VersionAnnounced, VersionRegistered),
            On(NewsOverdue.Received));
        During(
            Paused,
            On(JobStarted),
            On(JobProgressed),
            On(JobCompleted, Completed, VersionRegistered),
            On(JobFailed, Failed),
            On(CancelRequested, Cancelled),
            On(PauseRequested),
            On(ResumeRequested, Started),
            On(VersionAnnounced, VersionRegistered),
            On(NewsOverdue.Received));
        During(
            Completed,
            On(JobStarted),
            On(JobProgressed),
            On(JobCompleted),
            On(JobFailed),
            On(CancelRequested),
            On(PauseRequested),
            On(ResumeRequested),
            On(VersionAnnounced, VersionRegistered),
            On(NewsOverdue.Received, Stalled));
        During(
            VersionRegistered,
            On(JobStarted),
            On(JobProgressed),
            On(JobCompleted),
            On(JobFailed),
            On(CancelRequested),
            On(PauseRequested),
            On(ResumeRequested),
            On(VersionAnnounced),
            On(NewsOverdue.Received));
        During(
            Failed,
            On(JobStarted, Started, Paused),
            On(JobProgressed),
            On(JobCompleted, Completed, VersionRegistered),
            On(JobFailed),
            On(CancelRequested),
            On(PauseRequested),
            On(ResumeRequested),
            On(VersionAnnounced, VersionRegistered),
            On(NewsOverdue.Received));
        During(
            Cancelled,
            On(JobStarted, Started, Paused),
            On(JobProgressed),
            On(JobCompleted),
            On(JobFailed),
            On(CancelRequested),
            On(PauseRequested),
            On(ResumeRequested),
            On(VersionAnnounced),
            On(NewsOverdue.Received));

        WhenEnter(Stalled, told => told.ThenAsync(context => context.Publish(new TrainingJobStalled
        {
            TenantId = context.Saga.TenantId,
            JobId = context.Saga.JobId,
            ModelId = context.Saga.ModelId,
            LastNewsAt = Timestamp.From(context.Saga.LastNewsAt),
        })));
        WhenEnter(Cancelled, told => told.ThenAsync(context => context.Publish(new TrainingJobCancelled
        {
            TenantId = context.Saga.TenantId,
            JobId = context.Saga.JobId,
            ModelId = context.Saga.ModelId,
            Cause = context.Saga.CancellationCause ?? CancellationCause.Requested,
            Reason = context.Saga.CancellationReason ?? "",
            CancelledBy = context.Saga.CancelledBy ?? "",
        })));
    }

    public State Started { get; private set; } = null!;

    public State Stalled { get; private set; } = null!;

    public State Paused { get; private set; } = null!;

    public State Completed { get; private set; } = null!;

    public State VersionRegistered { get; private set; } = null!;

    public State Failed { get; private set; } = null!;

    public State Cancelled { get; private set; } = null!;

    public Event<TrainingJobStarted> JobStarted { get; private set; } = null!;

    public Event<TrainingJobProgressed> JobProgressed { get; private set; } = null!;

    public Event<TrainingJobCompleted> JobCompleted { get; private set; } = null!;

    public Event<TrainingJobFailed> JobFailed { get; private set; } = null!;

    public Event<CancelTrainingJob> CancelRequested { get; private set; } = null!;

    public Event<PauseTrainingJob> PauseRequested { get; private set; } = null!;

    public Event<ResumeTrainingJob> ResumeRequested { get; private set; } = null!;

    public Event<ModelUpdated> VersionAnnounced { get; private set; } = null!;

    public Schedule<TrainingLifecycleState, TrainingNewsOverdue> NewsOverdue { get; private set; } = null!;

    /// <summary>The event is judged, the state is one of <paramref name="targets"/> or stays, and the reminder follows from the state.</summary>
    private EventActivityBinder<TrainingLifecycleState, T> On<T>(Event<T> happened, params State[] targets)
        where T : class, ISyncEvent
    {
        var binder = When(happened).Then(context =>
            context.AddOrUpdatePayload(() => Judged(context), _ => Judged(context)));
        foreach (var target in targets)
            binder = binder.If(context => context.Decided<TrainingStatus>().Next.ToString() == target.Name, then => then.TransitionTo(target));
        return binder
            .Then(context => context.Decided<TrainingStatus>().MustBe(context.Saga.Status))
            .If(
                context => TrainingRules.IsWatched(context.Saga.Status) && (context.Saga.NewsOverdueToken is null || context.Message is TrainingNewsOverdue),
                then => then.Schedule(NewsOverdue, context => Reminder(context.Saga), context => Rest(context.Saga)))
            .If(
                context => !TrainingRules.IsWatched(context.Saga.Status) && context.Saga.NewsOverdueToken is not null,
                then => then.Unschedule(NewsOverdue));
    }

    private Decision<TrainingStatus> Judged<T>(BehaviorContext<TrainingLifecycleState, T> context)
        where T : class, ISyncEvent =>
        new(TrainingRules.Decide(context.Saga, context.Message, _time.GetUtcNow(), _quietLimit));

    private TimeSpan Rest(TrainingLifecycleState job)
    {
        var rest = job.LastNewsAt + _quietLimit - _time.GetUtcNow();
        return rest > TimeSpan.FromSeconds(1) ? rest : TimeSpan.FromSeconds(1);
    }

    private static TrainingNewsOverdue Reminder(TrainingLifecycleState job) => new() { TenantId = job.TenantId, JobId = job.JobId, ModelId = job.ModelId };
}

using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>Four steps, each of them told of.</summary>
internal sealed class JobMachine : MassTransitStateMachine<JobState>
{
    public JobMachine()
    {
        InstanceState(job => job.CurrentState);
        Event(() => Enqueued, e => e.CorrelateById(context => context.Message.JobId));
        Event(() => Started, e => e.CorrelateById(context => context.Message.JobId));
        Event(() => Progressed, e => e.CorrelateById(context => context.Message.JobId));
        Event(() => Done, e => e.CorrelateById(context => context.Message.JobId));
        Initially(When(Enqueued).Then(context => context.Saga.TenantId = context.Message.TenantId).Then(Note).Publish(Notice).TransitionTo(Queued));
        During(Queued, When(Started).Then(Note).Publish(Notice).TransitionTo(Running));
        During(Running, When(Progressed).Then(Note).Publish(Notice).TransitionTo(Finishing));
        During(Finishing, When(Done).Then(Note).Publish(Notice).Finalize());
    }

    public State Queued { get; private set; } = null!;

    public State Running { get; private set; } = null!;

    public State Finishing { get; private set; } = null!;

    public Event<JobQueued> Enqueued { get; private set; } = null!;

    public Event<JobStarted> Started { get; private set; } = null!;

    public Event<JobProgressed> Progressed { get; private set; } = null!;

    public Event<JobDone> Done { get; private set; } = null!;

    private static JobNoticed Notice<T>(BehaviorContext<JobState, T> context)
        where T : JobEvent => new() { TenantId = context.Message.TenantId, JobId = context.Message.JobId, Details = context.Message.Details };

    private static void Note(BehaviorContext<JobState> context) =>
        context.GetPayload<IServiceScope>().ServiceProvider.GetRequiredService<BenchContext>().Handled.Add("");
}

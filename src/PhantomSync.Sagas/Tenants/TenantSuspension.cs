using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Tenants;

/// <summary>
/// A tenant's suspension: the services are told to stop, and to go on when the tenant is active again; who does not answer is
/// asked again. Read it as a table; <see cref="CascadeRules"/> decides.
/// </summary>
public sealed class TenantSuspension : MassTransitStateMachine<TenantSuspensionState>
{
    private readonly TimeProvider _time;
    private readonly TenantSuspensionOptions _options;

    public TenantSuspension(TimeProvider time, IOptions<TenantSuspensionOptions> options)
    {
        (_time, _options) = (time, options.Value);
        InstanceState(tenant => tenant.CurrentState);
        Event(() => SuspensionImposed, e => e.CorrelateById(context => SagaId.OfTenant(context.Message.TenantId)));
        Event(() => SettingsChanged, e =>
        {
            e.CorrelateById(context => SagaId.OfTenant(context.Message.TenantId));
            e.OnMissingInstance(missing => missing.Discard());
        });
        Event(() => StepDone, e =>
        {
            e.CorrelateById(context => SagaId.OfTenant(context.Message.TenantId));
            e.OnMissingInstance(missing => missing.Discard());
        });
        Schedule(() => ReplyOverdue, tenant => tenant.ReplyOverdueToken, schedule =>
        {
            schedule.Delay = _options.ReplyWithin;
            schedule.Received = e =>
            {
                e.CorrelateById(context => SagaId.OfTenant(context.Message.TenantId));
                e.OnMissingInstance(missing => missing.Discard());
            };
        });

        Initially(On(SuspensionImposed, Suspending));
        During(
            Suspending,
            On(SuspensionImposed),
            On(SettingsChanged, Resuming),
            On(StepDone, Suspended),
            On(ReplyOverdue.Received));
        During(
            Suspended,
            On(SuspensionImposed),
            On(SettingsChanged, Resuming),
            On(StepDone),
            On(ReplyOverdue.Received));
        During(
            Resuming,
            On(SuspensionImposed, Suspending),
            On(SettingsChanged),
            On(StepDone, Active),
            On(ReplyOverdue.Received));
        During(
            Active,
            On(SuspensionImposed, Suspending),
            On(SettingsChanged),
            On(StepDone),
            On(ReplyOverdue.Received));
    }

    public State Suspending { get; private set; } = null!;

    public State Suspended { get; private set; } = null!;

    public State Resuming { get; private set; } = null!;

    public State Active { get; private set; } = null!;

    public Event<TenantSuspended> SuspensionImposed { get; private set; } = null!;

    public Event<TenantUpdated> SettingsChanged { get; private set; } = null!;

    public Event<TenantCascadeStepDone> StepDone { get; private set; } = null!;

    public Schedule<TenantSuspensionState, CascadeReplyOverdue> ReplyOverdue { get; private set; } = null!;

    /// <summary>The event is judged, the state is one of <paramref name="targets"/> or stays, and what follows is said.</summary>
    private EventActivityBinder<TenantSuspensionState, T> On<T>(Event<T> happened, params State[] targets)
        where T : class, ISyncEvent
    {
        var binder = When(happened).ThenAsync(JudgeAsync);
        foreach (var target in targets)
            binder = binder.If(context => context.Decided<CascadeStatus>().Next.ToString() == target.Name, then => then.TransitionTo(target));
        return binder
            .ThenAsync(async context =>
            {
                context.Decided<CascadeStatus>().MustBe(context.Saga.Status);
                foreach (var said in Decided(context).Say)
                    await context.Publish(said, said.GetType());
            })
            .If(
                context => Decided(context).RemindIn is not null,
                then => then.Schedule(ReplyOverdue, context => Reminder(context.Saga), context => Decided(context).RemindIn!.Value))
            .If(
                context => context.Saga.Status is CascadeStatus.Suspended or CascadeStatus.Active && context.Saga.ReplyOverdueToken is not null,
                then => then.Unschedule(ReplyOverdue));
    }

    private async Task JudgeAsync<T>(BehaviorContext<TenantSuspensionState, T> context)
        where T : class, ISyncEvent
    {
        var terms = context.Message is TenantSuspended suspended
            ? await context.GetPayload<IServiceScope>().ServiceProvider.GetRequiredService<TrainingTermsLookup>().OfAsync(suspended.TenantId, context.CancellationToken)
            : TrainingTerms.Usual;
        var decision = CascadeRules.Decide(context.Saga, context.Message, _time.GetUtcNow(), _options, terms);
        context.AddOrUpdatePayload(() => decision, _ => decision);
        context.AddOrUpdatePayload(() => new Decision<CascadeStatus>(decision.Next), _ => new Decision<CascadeStatus>(decision.Next));
    }

    private static CascadeDecision Decided(PipeContext context) =>
        context.TryGetPayload<CascadeDecision>(out var decision) ? decision : throw new InvalidOperationException("The event was not judged.");

    private static CascadeReplyOverdue Reminder(TenantSuspensionState tenant) => new()
    {
        TenantId = tenant.TenantId,
        Suspension = (uint)tenant.Suspension,
        Action = tenant.Action,
        Attempt = (uint)tenant.Round,
    };
}

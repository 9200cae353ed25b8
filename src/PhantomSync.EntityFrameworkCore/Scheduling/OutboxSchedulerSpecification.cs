using MassTransit;
using MassTransit.Configuration;
using MassTransit.Context;
using MassTransit.Scheduling;

namespace PhantomSync.EntityFrameworkCore.Scheduling;

/// <summary>Makes the outbox the scheduler of an endpoint's consumers and sagas.</summary>
internal sealed class OutboxSchedulerSpecification(string service, TimeProvider time) : IPipeSpecification<ConsumeContext>, IFilter<ConsumeContext>
{
    public void Apply(IPipeBuilder<ConsumeContext> builder) => builder.AddFilter(this);

    public IEnumerable<ValidationResult> Validate() => [];

    public void Probe(ProbeContext context) => context.CreateFilterScope("outboxScheduler");

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        MessageSchedulerContext Create() => new ConsumeMessageSchedulerContext(context, Scheduler);
        context.AddOrUpdatePayload(Create, _ => Create());
        return next.Send(context);
    }

    private MessageScheduler Scheduler(ConsumeContext context) => new MessageScheduler(new OutboxScheduler(context, service, time), context.GetPayload<IBusTopology>());
}

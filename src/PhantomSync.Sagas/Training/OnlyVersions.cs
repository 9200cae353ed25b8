using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Training;

/// <summary>Of a model's updates, the saga sees those by which the registry announces what a training job made.</summary>
internal sealed class OnlyVersions : IFilter<ConsumeContext<ModelUpdated>>
{
    public Task Send(ConsumeContext<ModelUpdated> context, IPipe<ConsumeContext<ModelUpdated>> next) =>
        TrainingRules.JobIn(context.Message) is null ? Task.CompletedTask : next.Send(context);

    public void Probe(ProbeContext context) => context.CreateFilterScope("onlyVersions");
}

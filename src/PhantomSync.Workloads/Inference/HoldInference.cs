using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.Workloads.Tenants;

namespace PhantomSync.Workloads.Inference;

/// <summary>A suspended tenant's models answer no more; when the suspension ends, those do that its owner has switched on.</summary>
public sealed class HoldInference(WorkloadsDbContext workloads, CascadeAnswers answers) : IConsumer<SwitchOffTenantInference>, IConsumer<SwitchOnTenantInference>
{
    public Task Consume(ConsumeContext<SwitchOffTenantInference> context) =>
        answers.AnswerAsync(context, CascadeService.Inference, CascadeAction.Suspend, "models", OnAsync, OnAsync);

    public Task Consume(ConsumeContext<SwitchOnTenantInference> context) =>
        answers.AnswerAsync(context, CascadeService.Inference, CascadeAction.Resume, "models", OnAsync, OnAsync);

    private async Task<List<string>> OnAsync(ITenantCommand command, CancellationToken cancellationToken)
    {
        await workloads.SaveChangesAsync(cancellationToken);
        return await workloads.Switches.Where(model => model.TenantId == command.TenantId && model.IsOn && !model.IsDeleted).OrderBy(model => model.ModelId).Select(model => model.ModelId).ToListAsync(cancellationToken);
    }
}

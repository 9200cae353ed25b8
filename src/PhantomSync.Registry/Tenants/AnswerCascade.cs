using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.Registry.Models;

namespace PhantomSync.Registry.Tenants;

/// <summary>
/// Answers the cascade that a suspension starts. The registry follows the tenant's own events at once; the command makes sure of
/// it, also where it arrives before them, and its answer says how many models are affected.
/// </summary>
public sealed class AnswerCascade(RegistryDbContext registry) : IConsumer<DisableTenantModels>, IConsumer<EnableTenantModels>
{
    public Task Consume(ConsumeContext<DisableTenantModels> context) =>
        AnswerAsync(context, CascadeAction.Suspend, context.Message.Reason);

    public Task Consume(ConsumeContext<EnableTenantModels> context) => AnswerAsync(context, CascadeAction.Resume, "");

    private async Task AnswerAsync<T>(ConsumeContext<T> context, string action, string reason)
        where T : class, ITenantCommand
    {
        var command = context.Message;
        var tenant = await registry.Tenants.FindAsync([command.TenantId], context.CancellationToken)
            ?? registry.Tenants.Add(new TenantStanding { TenantId = command.TenantId }).Entity;
        var outcome = TenantRules.Follow(tenant, command, CascadePosition.Of(command.Suspension, action), reason);
        await registry.SaveChangesAsync(context.CancellationToken);
        var models = await registry.Models.LongCountAsync(model => model.TenantId == command.TenantId && model.OwnStatus == ModelStatus.Active, context.CancellationToken);
        await context.Publish(
            new TenantCascadeStepDone
            {
                TenantId = command.TenantId,
                Suspension = command.Suspension,
                Action = action,
                Service = CascadeService.Models,
                Outcome = outcome,
                Affected = (ulong)models,
                Details = JsonSerializer.SerializeToElement(new Dictionary<string, long>(StringComparer.Ordinal) { ["active_models"] = models }),
            },
            context.CancellationToken);
    }
}

using System.Text.Json;
using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Workloads.Inference;

/// <summary>A model answers from its creation on, until its owner sets its <c>status</c> to <c>disabled</c> or deletes it.</summary>
public sealed class TrackInference(WorkloadsDbContext workloads) : IConsumer<ModelCreated>, IConsumer<ModelUpdated>, IConsumer<ModelDeleted>
{
    public async Task Consume(ConsumeContext<ModelCreated> context)
    {
        if (await FindAsync(context.Message.TenantId, context.Message.ModelId, context.CancellationToken) is null)
            workloads.Switches.Add(new InferenceSwitch { TenantId = context.Message.TenantId, ModelId = context.Message.ModelId, IsOn = true });
    }

    public async Task Consume(ConsumeContext<ModelUpdated> context)
    {
        var updated = context.Message;
        if (!updated.Changes.TryGetValue("status", out var status) || status.ValueKind != JsonValueKind.String)
            return;
        var found = await FindAsync(updated.TenantId, updated.ModelId, context.CancellationToken)
            ?? workloads.Switches.Add(new InferenceSwitch { TenantId = updated.TenantId, ModelId = updated.ModelId, IsOn = true }).Entity;
        if (status.ValueEquals("disabled"))
            found.IsOn = false;
        else if (status.ValueEquals("active"))
            found.IsOn = true;
    }

    public async Task Consume(ConsumeContext<ModelDeleted> context)
    {
        var deleted = context.Message;
        var found = await FindAsync(deleted.TenantId, deleted.ModelId, context.CancellationToken)
            ?? workloads.Switches.Add(new InferenceSwitch { TenantId = deleted.TenantId, ModelId = deleted.ModelId }).Entity;
        found.IsDeleted = true;
    }

    private async Task<InferenceSwitch?> FindAsync(string tenantId, string modelId, CancellationToken cancellationToken) =>
        await workloads.Switches.FindAsync([tenantId, modelId], cancellationToken);
}

using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Registry.Models;

/// <summary>A created model has a row; one that other events spoke of before is completed.</summary>
public sealed class RegisterModel(RegistryDbContext registry) : IConsumer<ModelCreated>
{
    public async Task Consume(ConsumeContext<ModelCreated> context)
    {
        var created = context.Message;
        var model = await registry.FindOrAddModelAsync(created.TenantId, created.ModelId, context.CancellationToken);
        switch (ModelRules.Judge(model, created))
        {
            case CreationVerdict.Describe:
                ModelRules.Describe(model, created);
                break;
            case CreationVerdict.Different:
                await registry.RecordAsync(Irregular(model, created, IrregularityKind.CreatedDifferently), context.CancellationToken);
                break;
            case CreationVerdict.AfterDeletion:
                await registry.RecordAsync(Irregular(model, created, IrregularityKind.ChangedAfterDeletion), context.CancellationToken);
                break;
            case CreationVerdict.Repeated:
                break;
        }
    }

    private static ModelIrregularity Irregular(RegisteredModel model, ModelCreated created, IrregularityKind kind) => new()
    {
        TenantId = created.TenantId,
        EventId = created.SyncMetadata.EventId,
        ModelId = created.ModelId,
        Kind = kind,
        EventType = nameof(ModelCreated),
        Source = created.SyncMetadata.SourceService,
        Found = model.CreatedAs,
        Said = ModelRules.ContentOf(created),
        OccurredAt = created.SyncMetadata.OccurredAt.ToDateTimeOffset(),
    };
}

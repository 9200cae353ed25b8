using MassTransit;
using PhantomSync.Conflicts;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Contracts;

namespace PhantomSync.Registry.Models;

/// <summary>A model follows its owner's updates; those that were made without knowledge of each other are merged, or in conflict.</summary>
public sealed class ApplyModelUpdate(RegistryDbContext registry, IConflictResolver conflicts) : IConsumer<ModelUpdated>
{
    public async Task Consume(ConsumeContext<ModelUpdated> context)
    {
        var updated = context.Message;
        var model = await registry.FindOrAddModelAsync(updated.TenantId, updated.ModelId, context.CancellationToken);
        switch (ModelRules.Judge(model, updated))
        {
            case UpdateVerdict.Apply:
                await conflicts.DetectAndResolveAsync(
                    registry, new ResourceKey(updated.TenantId, MergedModel.Type, updated.ModelId), [ModelRules.ChangeOf(updated)], context.CancellationToken);
                break;
            case UpdateVerdict.AfterDeletion:
                await registry.RecordAsync(Irregular(model, updated), context.CancellationToken);
                break;
            case UpdateVerdict.OwnAnnouncement:
                break;
        }
    }

    private static ModelIrregularity Irregular(RegisteredModel model, ModelUpdated updated) => new()
    {
        TenantId = updated.TenantId,
        EventId = updated.SyncMetadata.EventId,
        ModelId = updated.ModelId,
        Kind = IrregularityKind.ChangedAfterDeletion,
        EventType = nameof(ModelUpdated),
        Source = updated.SyncMetadata.SourceService,
        Expected = updated.PreviousVersion,
        Found = model.AttributeVersion,
        Said = ModelRules.ContentOf(updated.Changes),
        OccurredAt = updated.SyncMetadata.OccurredAt.ToDateTimeOffset(),
    };
}

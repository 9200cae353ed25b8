using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Registry.Models;

/// <summary>A model follows its owner's updates, in the order of the log; one made to another version than the current is noted.</summary>
public sealed class ApplyModelUpdate(RegistryDbContext registry) : IConsumer<ModelUpdated>
{
    public async Task Consume(ConsumeContext<ModelUpdated> context)
    {
        var updated = context.Message;
        var model = await registry.FindOrAddModelAsync(updated.TenantId, updated.ModelId, context.CancellationToken);
        switch (ModelRules.Judge(model, updated))
        {
            case UpdateVerdict.Apply:
                ModelRules.Apply(model, updated);
                break;
            case UpdateVerdict.ApplyDespiteMismatch:
                await registry.RecordAsync(Irregular(model, updated, IrregularityKind.PreviousVersionMismatch), context.CancellationToken);
                ModelRules.Apply(model, updated);
                break;
            case UpdateVerdict.AfterDeletion:
                await registry.RecordAsync(Irregular(model, updated, IrregularityKind.ChangedAfterDeletion), context.CancellationToken);
                break;
            case UpdateVerdict.Repeated or UpdateVerdict.OwnAnnouncement:
                break;
        }
    }

    private static ModelIrregularity Irregular(RegisteredModel model, ModelUpdated updated, IrregularityKind kind) => new()
    {
        TenantId = updated.TenantId,
        EventId = updated.SyncMetadata.EventId,
        ModelId = updated.ModelId,
        Kind = kind,
        EventType = nameof(ModelUpdated),
        Source = updated.SyncMetadata.SourceService,
        Expected = updated.PreviousVersion,
        Found = model.AttributeVersion,
        Said = ModelRules.ContentOf(updated),
        OccurredAt = updated.SyncMetadata.OccurredAt.ToDateTimeOffset(),
    };
}

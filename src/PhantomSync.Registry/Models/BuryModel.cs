using MassTransit;
using PhantomSync.Conflicts;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Contracts;

namespace PhantomSync.Registry.Models;

/// <summary>A deleted model keeps its row as a tombstone, so that what arrives late does not bring it back. Nobody has to decide its conflicts any more.</summary>
public sealed class BuryModel(RegistryDbContext registry, IConflictResolver conflicts) : IConsumer<ModelDeleted>
{
    public async Task Consume(ConsumeContext<ModelDeleted> context)
    {
        var deleted = context.Message;
        ModelRules.Delete(await registry.FindOrAddModelAsync(deleted.TenantId, deleted.ModelId, context.CancellationToken), deleted);
        await conflicts.AbandonAsync(registry, new ResourceKey(deleted.TenantId, MergedModel.Type, deleted.ModelId), "the model was deleted.", context.CancellationToken);
    }
}

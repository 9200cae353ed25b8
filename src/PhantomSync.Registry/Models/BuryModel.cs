using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Registry.Models;

/// <summary>A deleted model keeps its row as a tombstone, so that what arrives late does not bring it back.</summary>
public sealed class BuryModel(RegistryDbContext registry) : IConsumer<ModelDeleted>
{
    public async Task Consume(ConsumeContext<ModelDeleted> context)
    {
        var deleted = context.Message;
        ModelRules.Delete(await registry.FindOrAddModelAsync(deleted.TenantId, deleted.ModelId, context.CancellationToken), deleted);
    }
}

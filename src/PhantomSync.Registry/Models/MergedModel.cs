using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Conflicts;
using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Registry.Models;

/// <summary>A model's row shows what all its updates come to. A deleted one stays as it was.</summary>
internal sealed class MergedModel : IMergedResource
{
    public const string Type = "ML_MODEL";

    public string ResourceType => Type;

    public async Task ApplyAsync(DbContext owner, ResourceKey resource, MergedState state, CancellationToken cancellationToken)
    {
        var model = await ((RegistryDbContext)owner).FindOrAddModelAsync(resource.TenantId, resource.ResourceId, cancellationToken);
        if (!model.IsDeleted)
            ModelRules.Apply(model, state);
    }

    public string? ExpectedInstead(string field, JsonElement value) => ModelRules.ExpectedInstead(field, value);
}

using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace PhantomSync.Registry.Models;

/// <summary>Looks up models with the status they have in effect.</summary>
public sealed class ModelDirectory(RegistryDbContext registry)
{
    public async Task<ModelView?> FindAsync(string tenantId, string modelId, CancellationToken cancellationToken = default) =>
        (await ReadAsync(model => model.TenantId == tenantId && model.ModelId == modelId, cancellationToken)).SingleOrDefault();

    /// <summary>All models of a tenant, tombstones and placeholders too, by id.</summary>
    public Task<IReadOnlyList<ModelView>> ListAsync(string tenantId, CancellationToken cancellationToken = default) =>
        ReadAsync(model => model.TenantId == tenantId, cancellationToken);

    private async Task<IReadOnlyList<ModelView>> ReadAsync(Expression<Func<RegisteredModel, bool>> which, CancellationToken cancellationToken)
    {
        var rows = await registry.Models.AsNoTracking().Where(which).OrderBy(model => model.ModelId)
            .Select(model => new { Model = model, Suspended = registry.Tenants.Any(tenant => tenant.TenantId == model.TenantId && tenant.IsSuspended) })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new ModelView(ModelRules.StatusOf(row.Model.OwnStatus, row.Suspended), row.Model.CreatedAs is null, row.Model))];
    }
}

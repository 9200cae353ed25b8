using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>Keeps a suspended tenant's work out of one service.</summary>
internal abstract class TenantGate(Type contextType, TenantGateRules rules)
{
    public Type ContextType => contextType;

    public bool Refuses(Type eventType) => rules.Refused.Contains(eventType);

    public bool Quarantines(Type eventType) => rules.Quarantined.Contains(eventType);

    /// <summary>Those of the tenants that are suspended, as the service's own database knows it, in the context's transaction.</summary>
    public abstract Task<IReadOnlyCollection<string>> SuspendedAsync(DbContext context, IReadOnlyCollection<string> tenants, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class TenantGate<TDbContext>(Func<TDbContext, IQueryable<string>> suspendedTenants, TenantGateRules rules) : TenantGate(typeof(TDbContext), rules)
    where TDbContext : DbContext
{
    public override async Task<IReadOnlyCollection<string>> SuspendedAsync(DbContext context, IReadOnlyCollection<string> tenants, CancellationToken cancellationToken) =>
        await suspendedTenants((TDbContext)context).Where(tenant => tenants.Contains(tenant)).Distinct().ToListAsync(cancellationToken);
}

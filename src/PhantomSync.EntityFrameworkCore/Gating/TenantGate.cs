using Microsoft.EntityFrameworkCore;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>Keeps out of one service what may not be done for a tenant as it stands.</summary>
internal abstract class TenantGate(Type contextType, TenantGateRules rules)
{
    public Type ContextType => contextType;

    protected bool HoldsUnknown => rules.HoldsUnknown;

    /// <summary>Whether the context knows more of its tenants than that they are suspended.</summary>
    public static bool HasDirectory(DbContext context) => context.Model.FindEntityType(typeof(KnownTenant)) is not null;

    /// <exception cref="MassTransit.ConfigurationException">Unknown tenants cannot be told from others.</exception>
    public void Check(DbContext context)
    {
        if (HoldsUnknown && !HasDirectory(context))
        {
            throw new MassTransit.ConfigurationException(
                $"AddTenantGate<{contextType.Name}>: HoldUnknown() needs a list of the tenants that are known. Call modelBuilder.AddTenantDirectory() in {contextType.Name} and add the consumer TrackTenants<{contextType.Name}> to its service.");
        }
    }

    /// <summary>Whether the tenant's standing matters for what becomes of the event where it is published.</summary>
    /// <param name="eventType">Of the event.</param>
    /// <param name="directory">Whether deleted tenants are known.</param>
    public bool AsksToPublish(Type eventType, bool directory) => rules.Refused.Contains(eventType) || (directory && rules.Covers(eventType));

    public bool AsksToRead(Type eventType, bool directory) => rules.Quarantined.Contains(eventType) || (directory && rules.Covers(eventType));

    public bool Refuses(Type eventType, Standing standing) => standing switch
    {
        Standing.Suspended => rules.Refused.Contains(eventType),
        Standing.Deleted => rules.Covers(eventType),
        _ => false,
    };

    /// <summary>What becomes of an event that is read and has not been handled before.</summary>
    public InboxVerdict Judge(Type eventType, Standing standing) => standing switch
    {
        Standing.Suspended when rules.Quarantined.Contains(eventType) => InboxVerdict.Parked,
        Standing.Unknown when rules.Covers(eventType) => InboxVerdict.Parked,
        Standing.Deleted when rules.Covers(eventType) => InboxVerdict.Discarded,
        _ => InboxVerdict.New,
    };

    /// <summary>
    /// Those of the tenants that stand otherwise than <see cref="Standing.Active"/>, as the service's own database knows it, in the
    /// context's transaction: one query. Who is unknown is among them only where that matters.
    /// </summary>
    public abstract Task<IReadOnlyDictionary<string, Standing>> StandingsAsync(DbContext context, IReadOnlyCollection<string> tenants, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class TenantGate<TDbContext>(Func<TDbContext, IQueryable<string>> suspendedTenants, TenantGateRules rules) : TenantGate(typeof(TDbContext), rules)
    where TDbContext : DbContext
{
    public override async Task<IReadOnlyDictionary<string, Standing>> StandingsAsync(DbContext context, IReadOnlyCollection<string> tenants, CancellationToken cancellationToken)
    {
        var rows = suspendedTenants((TDbContext)context).Select(tenant => new TenantRow { TenantId = tenant, Standing = Standing.Suspended });
        if (HasDirectory(context))
            rows = rows.Concat(Known(context));
        var found = await rows.Where(row => tenants.Contains(row.TenantId)).ToListAsync(cancellationToken);
        return Worst(found, tenants);
    }

    private IQueryable<TenantRow> Known(DbContext context)
    {
        var known = context.Set<KnownTenant>().AsNoTracking();
        if (!HoldsUnknown)
            known = known.Where(tenant => tenant.DeletedAt != null);
        return known.Select(tenant => new TenantRow { TenantId = tenant.TenantId, Standing = tenant.DeletedAt != null ? Standing.Deleted : Standing.Active });
    }

    private Dictionary<string, Standing> Worst(List<TenantRow> found, IReadOnlyCollection<string> tenants)
    {
        var standings = new Dictionary<string, Standing>(StringComparer.Ordinal);
        foreach (var row in found)
            standings[row.TenantId] = standings.TryGetValue(row.TenantId, out var other) && other > row.Standing ? other : row.Standing;
        if (HoldsUnknown)
        {
            foreach (var tenant in tenants)
                standings.TryAdd(tenant, Standing.Unknown);
        }

        foreach (var tenant in tenants)
        {
            if (standings.GetValueOrDefault(tenant) == Standing.Active)
                standings.Remove(tenant);
        }

        return standings;
    }
}

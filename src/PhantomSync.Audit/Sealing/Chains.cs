using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit.Recording;

namespace PhantomSync.Audit.Sealing;

/// <summary>Lengthens the chains: the database's part of the sealer.</summary>
internal static class Chains
{
    /// <summary>Seals the next entries in one transaction.</summary>
    /// <returns>The new ends of the chains that grew, and how many entries were sealed; none where another sealer is at work.</returns>
    public static async Task<(int Sealed, IReadOnlyList<ChainEnd> Ends)> SealAsync(AuditDbContext context, int limit, CancellationToken cancellationToken)
    {
        var store = context.Store();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (!await store.TryBecomeSealerAsync(cancellationToken))
            return (0, []);
        var entries = await store.ReadUnsealedAsync(limit, cancellationToken);
        if (entries.Count == 0)
            return (0, []);

        var ends = await EndsAsync(context, [.. entries.Select(entry => entry.TenantId).Distinct(StringComparer.Ordinal)], cancellationToken);
        await store.InsertSealsAsync(Lengthen(ends, entries), entries[^1], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (entries.Count, [.. ends.Values]);
    }

    /// <summary>The seals of <paramref name="entries"/>, in their order; moves the <paramref name="ends"/> on.</summary>
    public static List<AuditSeal> Lengthen(Dictionary<string, ChainEnd> ends, IReadOnlyList<UnsealedEntry> entries)
    {
        var seals = new List<AuditSeal>(entries.Count);
        foreach (var (_, tenant, position, content) in entries)
        {
            var before = ends.TryGetValue(tenant, out var end) ? end : new ChainEnd(tenant, 0, AuditHash.Start(tenant));
            var sequence = before.Sequence + 1;
            var seal = new AuditSeal { TenantId = tenant, Sequence = sequence, Position = position, Hash = AuditHash.Link(sequence, before.Hash, content) };
            seals.Add(seal);
            ends[tenant] = new ChainEnd(tenant, sequence, seal.Hash);
        }

        return seals;
    }

    /// <summary>Where the chains of these tenants end now.</summary>
    public static async Task<Dictionary<string, ChainEnd>> EndsAsync(AuditDbContext context, IReadOnlyCollection<string> tenants, CancellationToken cancellationToken)
    {
        var ends = new Dictionary<string, ChainEnd>(StringComparer.Ordinal);
        foreach (var tenant in tenants)
        {
            var last = await context.Seals.AsNoTracking().Where(seal => seal.TenantId == tenant).OrderByDescending(seal => seal.Sequence).FirstOrDefaultAsync(cancellationToken);
            if (last is not null)
                ends.Add(tenant, new ChainEnd(tenant, last.Sequence, last.Hash));
        }

        return ends;
    }

    /// <summary>The tenants that have a chain.</summary>
    public static Task<List<string>> TenantsAsync(AuditDbContext context, CancellationToken cancellationToken) =>
        context.Seals.AsNoTracking().Where(seal => seal.Sequence == 1).Select(seal => seal.TenantId).OrderBy(tenant => tenant).ToListAsync(cancellationToken);
}

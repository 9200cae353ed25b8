using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit.Recording;

namespace PhantomSync.Audit.Sealing;

/// <summary>
/// Recomputes the chains from what the table says now, and compares them with the signed heads. The heads are what makes a
/// rewritten or shortened chain show: who can write the table cannot write them.
/// </summary>
internal sealed class AuditVerifier
{
    private readonly AuditDbContext _context;
    private readonly HeadSigner _signer;
    private readonly HeadsFile _file;

    public AuditVerifier(AuditDbContext context, HeadSigner signer, HeadsFile file) => (_context, _signer, _file) = (context, signer, file);

    /// <param name="tenantId">Null for all of them.</param>
    public async IAsyncEnumerable<AuditVerdict> VerifyAsync(string? tenantId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (heads, badLines) = await HeadsAsync(tenantId);
        foreach (var line in badLines)
            yield return line;
        var tenants = new SortedSet<string>(await Chains.TenantsAsync(_context, cancellationToken), StringComparer.Ordinal);
        tenants.UnionWith(await _context.Seals.Select(seal => seal.TenantId).Distinct().ToListAsync(cancellationToken));
        tenants.UnionWith(heads.Keys);
        var strays = await StraysAsync(tenantId);
        tenants.UnionWith(strays.Keys);
        foreach (var tenant in tenants.Where(tenant => tenantId is null || tenant == tenantId))
            yield return await VerifyTenantAsync(tenant, heads.GetValueOrDefault(tenant) ?? [], strays.GetValueOrDefault(tenant), cancellationToken);
    }

    private async Task<AuditVerdict> VerifyTenantAsync(string tenant, SortedList<long, AuditHead> heads, AuditLogRow? stray, CancellationToken cancellationToken)
    {
        long checkedEntries = 0, erased = 0, trusted = 0;
        var previous = AuditHash.Start(tenant);
        var compared = 0;
        AuditVerdict Verdict(AuditFault? fault) => new(tenant, checkedEntries, erased, compared, fault);

        // A left join: the seal of an entry that is gone must show.
        var links =
            from seal in _context.Seals.AsNoTracking()
            where seal.TenantId == tenant
            join row in _context.Logs.AsNoTracking() on seal.Position equals row.Position into rows
            from row in rows.DefaultIfEmpty()
            orderby seal.Sequence
            select new { Seal = seal, Row = row };
        await foreach (var link in links.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var expected = checkedEntries + 1;
            if (link.Seal.Sequence != expected)
                return Verdict(new AuditFault(tenant, expected, null, $"Entry {expected} is missing from the chain; the next one is {link.Seal.Sequence}."));
            if (Check(tenant, link.Seal, link.Row, previous) is { } fault)
                return Verdict(fault);
            if (heads.TryGetValue(expected, out var head))
            {
                if (!string.Equals(head.Hash, Convert.ToHexStringLower(link.Seal.Hash), StringComparison.OrdinalIgnoreCase))
                    return Verdict(new AuditFault(tenant, trusted + 1, null, $"The chain was rewritten: it does not lead to the head that was signed at entry {expected}. The first bad entry is between {trusted + 1} and {expected}."));
                trusted = expected;
                compared++;
            }

            checkedEntries = expected;
            previous = link.Seal.Hash;
            if (link.Row!.IsErased)
                erased++;
        }

        if (heads.Count > 0 && heads.GetKeyAtIndex(heads.Count - 1) is var signedEnd && signedEnd > checkedEntries)
            return Verdict(new AuditFault(tenant, checkedEntries + 1, null, $"The chain ends at entry {checkedEntries}, but a head was signed at entry {signedEnd}: its tail was cut off."));
        return Verdict(stray is null ? null : new AuditFault(tenant, null, stray.Id, $"Entry {stray.Id} at position {stray.Position} is not in the chain, though the sealer has passed it: it was put there later."));
    }

    private static AuditFault? Check(string tenant, AuditSeal seal, AuditLogRow? row, byte[] previous)
    {
        if (row is null)
            return new AuditFault(tenant, seal.Sequence, null, $"Entry {seal.Sequence} was removed.");
        if (row.TenantId != tenant)
            return Changed("belongs to another tenant");
        if (row.IsErased ? row.Details is not null || row.UserId != Entries.AuditEntry.ErasedUser : !Same(row.PayloadHash, AuditHash.Payload(row.Salt!, row.UserId, row.Details)))
            return Changed("has another actor or other details than were written");
        return Same(seal.Hash, AuditHash.Link(seal.Sequence, previous, AuditHash.Content(row)))
            ? null
            : Changed("is not the one that was sealed here: it was changed, or stands in another's place");

        AuditFault Changed(string what) => new(tenant, seal.Sequence, row.Id, $"Entry {seal.Sequence} ({row.Id}) {what}.");
    }

    private static bool Same(byte[] one, byte[] other) => CryptographicOperations.FixedTimeEquals(one, other);

    /// <summary>The heads per tenant, and a verdict for each line that cannot be trusted.</summary>
    private async Task<(Dictionary<string, SortedList<long, AuditHead>> Heads, List<AuditVerdict> BadLines)> HeadsAsync(string? tenantId)
    {
        var heads = new Dictionary<string, SortedList<long, AuditHead>>(StringComparer.Ordinal);
        var bad = new List<AuditVerdict>();
        await foreach (var (line, head) in _file.ReadAsync())
        {
            if (tenantId is not null && head.TenantId != tenantId)
                continue;
            if (_signer.Verify(head) == false)
            {
                bad.Add(Bad(head.TenantId, head.Sequence, $"Line {line} of the heads file has a signature that is not its key's."));
                continue;
            }

            if (!heads.TryGetValue(head.TenantId, out var known))
                heads[head.TenantId] = known = [];
            if (!known.TryAdd(head.Sequence, head) && known[head.Sequence].Hash != head.Hash)
                bad.Add(Bad(head.TenantId, head.Sequence, $"Line {line} of the heads file contradicts an earlier head of entry {head.Sequence}: the chain was rewritten."));
        }

        return (heads, bad);

        static AuditVerdict Bad(string tenant, long? sequence, string what) => new(tenant, 0, 0, 0, new AuditFault(tenant, sequence, null, what));
    }

    private async Task<Dictionary<string, AuditLogRow>> StraysAsync(string? tenantId)
    {
        var strays = new Dictionary<string, AuditLogRow>(StringComparer.Ordinal);
        await foreach (var row in _context.Store().StrayAsync(tenantId))
            strays.TryAdd(row.TenantId, row);
        return strays;
    }
}

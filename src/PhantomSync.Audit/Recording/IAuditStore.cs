using PhantomSync.Audit.Sealing;

namespace PhantomSync.Audit.Recording;

/// <summary>What the trail needs of its database beyond plain reading. Works on one context's connection, in its transaction.</summary>
internal interface IAuditStore
{
    /// <summary>Adds the rows that are not there yet, all in one go.</summary>
    /// <returns>How many were added.</returns>
    Task<int> InsertAsync(IReadOnlyList<AuditLogRow> rows, CancellationToken cancellationToken);

    /// <summary>Becomes the only sealer until the transaction ends.</summary>
    Task<bool> TryBecomeSealerAsync(CancellationToken cancellationToken);

    /// <summary>The next unsealed entries, in an order that no later commit can get in front of.</summary>
    Task<List<UnsealedEntry>> ReadUnsealedAsync(int limit, CancellationToken cancellationToken);

    Task InsertSealsAsync(IReadOnlyList<AuditSeal> seals, UnsealedEntry last, CancellationToken cancellationToken);

    /// <summary>How many entries a reader sees that have no seal yet, and the age of the oldest.</summary>
    Task<SealingLag> LagAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Entries that the sealer has passed and that have no seal: somebody put them there.</summary>
    IAsyncEnumerable<AuditLogRow> StrayAsync(string? tenantId);
}

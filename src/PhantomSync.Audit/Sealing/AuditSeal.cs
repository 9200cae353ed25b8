namespace PhantomSync.Audit.Sealing;

/// <summary>One entry's place in its tenant's chain.</summary>
public sealed class AuditSeal
{
    public required string TenantId { get; init; }

    /// <summary>Counts up from 1 in each tenant, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The sealed entry's position in <c>audit_logs</c>.</summary>
    public required long Position { get; init; }

    /// <summary>Of the sequence, the hash before it and the entry's content.</summary>
    public required byte[] Hash { get; init; }
}

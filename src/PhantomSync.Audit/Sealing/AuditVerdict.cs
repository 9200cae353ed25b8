namespace PhantomSync.Audit.Sealing;

/// <summary>What checking one tenant's trail came to.</summary>
/// <param name="Sealed">Entries in the chain that were checked.</param>
/// <param name="Erased">Of those, how many have no payload any more.</param>
/// <param name="Heads">Signed heads that were compared.</param>
/// <param name="Fault">The first bad entry; null where all is as it was written.</param>
public sealed record AuditVerdict(string TenantId, long Sealed, long Erased, int Heads, AuditFault? Fault);

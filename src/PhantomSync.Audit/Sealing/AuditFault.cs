namespace PhantomSync.Audit.Sealing;

/// <summary>The first thing that is wrong in a tenant's trail.</summary>
/// <param name="Sequence">The entry's place in the chain; null where it has none.</param>
/// <param name="EntryId">The entry, where it is still there.</param>
/// <param name="What">One sentence for an auditor.</param>
public sealed record AuditFault(string TenantId, long? Sequence, Guid? EntryId, string What);

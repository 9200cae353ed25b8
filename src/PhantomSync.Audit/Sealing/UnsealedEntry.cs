using PhantomSync.Audit.Recording;

namespace PhantomSync.Audit.Sealing;

/// <summary>A committed entry that has no seal yet.</summary>
internal sealed record UnsealedEntry(long Transaction, AuditLogRow Row);

namespace PhantomSync.Audit.Sealing;

/// <summary>A committed entry that has no seal yet, and the hash of its content.</summary>
internal readonly record struct UnsealedEntry(long Transaction, string TenantId, long Position, byte[] Content);

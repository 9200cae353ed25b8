using PhantomSync.Audit.Entries;

namespace PhantomSync.Audit.Recording;

/// <summary>An entry whose payload is gone.</summary>
/// <param name="Erased">The entry as it is now.</param>
/// <param name="Record">The entry that says so; null where it was gone before.</param>
public sealed record AuditErasure(AuditEntry Erased, AuditEntry? Record);

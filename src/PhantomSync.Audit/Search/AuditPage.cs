using PhantomSync.Audit.Entries;

namespace PhantomSync.Audit.Search;

/// <summary>Entries that were found, the newest first.</summary>
/// <param name="Entries">At most as many as were asked for.</param>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, string? Next)
{
    public static AuditPage Empty { get; } = new([], null);
}

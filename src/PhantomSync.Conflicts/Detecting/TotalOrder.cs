namespace PhantomSync.Conflicts.Detecting;

/// <summary>
/// One order of all changes, the same for everybody: by time, then source, then id. It decides where nothing better does; it says
/// nothing about what was known to whom.
/// </summary>
internal sealed class TotalOrder : IComparer<ConflictingChange>
{
    public static TotalOrder Instance { get; } = new();

    public int Compare(ConflictingChange? x, ConflictingChange? y)
    {
        var byTime = x!.Timestamp.CompareTo(y!.Timestamp);
        if (byTime != 0)
            return byTime;
        var bySource = string.CompareOrdinal(x.SourceService, y.SourceService);
        return bySource != 0 ? bySource : string.CompareOrdinal(x.ChangeId, y.ChangeId);
    }
}

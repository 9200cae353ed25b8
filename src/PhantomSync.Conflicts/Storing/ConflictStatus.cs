namespace PhantomSync.Conflicts.Storing;

/// <summary>How far a conflict has come.</summary>
public enum ConflictStatus
{
    /// <summary>It was found; nothing is decided. It lasts no longer than the transaction that finds it.</summary>
    Detected,

    /// <summary>Somebody has claimed it and is at it.</summary>
    InProgress,

    /// <summary>A strategy has decided.</summary>
    AutoResolved,

    /// <summary>It waits for a person.</summary>
    ManualResolutionRequired,

    /// <summary>A person has decided, or it became void.</summary>
    Resolved,
}

namespace PhantomSync.Conflicts;

/// <summary>What became of some changes.</summary>
public enum ConflictOutcomeKind
{
    /// <summary>Each followed what was there.</summary>
    NoConflict,

    /// <summary>They are known; nothing happened.</summary>
    Repeated,

    /// <summary>They were made without knowledge of others, and touch other fields or say the same.</summary>
    Merged,

    /// <summary>They disagree with others, and a strategy has decided.</summary>
    AutoResolved,

    /// <summary>They disagree with others, and a person has to decide.</summary>
    ManualResolutionRequired,
}

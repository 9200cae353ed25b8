namespace PhantomSync.Conflicts.Resolving;

/// <summary>The ways to decide between changes.</summary>
public enum StrategyKind
{
    /// <summary>The latest change.</summary>
    LastWriteWins,

    /// <summary>The earliest change.</summary>
    FirstWriteWins,

    /// <summary>The change with the highest version number.</summary>
    VersionBased,

    /// <summary>The first of some rules that has an answer.</summary>
    BusinessRuleBased,

    /// <summary>A person.</summary>
    ManualResolution,
}

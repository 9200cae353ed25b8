namespace PhantomSync.Conflicts.Detecting;

/// <summary>What a resource is, given the changes that are known: the same for the same changes, in whatever order they came.</summary>
public sealed record MergedState
{
    /// <summary>Every field that some change set, by name.</summary>
    public required IReadOnlyDictionary<string, MergedField> Fields { get; init; }

    /// <summary>The conflicts among the changes, those that rules decided too; in the order of their ids.</summary>
    public required IReadOnlyList<FoundConflict> Conflicts { get; init; }

    /// <summary>The change whose version label a further change is expected to be made to; null where no change is known.</summary>
    public required ConflictingChange? Latest { get; init; }

    /// <summary>Whether some change seems to be missing, and until it comes or is waited for no longer, the latest of those around the gap counts.</summary>
    public required bool IsWaiting { get; init; }

    /// <summary>Whether changes that have not seen each other stand side by side.</summary>
    public required bool IsMerged { get; init; }

    /// <summary>The changes that still matter to what the resource is or may become.</summary>
    internal IReadOnlySet<string> Needed { get; init; } = new HashSet<string>();

    /// <summary>All changes, each after those it follows.</summary>
    internal IReadOnlyList<ConflictingChange> Sequence { get; init; } = [];
}

using PhantomSync.Conflicts.Resolving;

namespace PhantomSync.Conflicts.Detecting;

/// <summary>Changes that have not seen each other and disagree, and what is decided between them.</summary>
/// <param name="Id">Made of the resource and the changes' ids, so the same conflict is the same for everybody.</param>
/// <param name="Changes">The changes, the earliest first.</param>
/// <param name="Fields">What they disagree about, in ordinal order.</param>
/// <param name="Decision">Which wins.</param>
public sealed record FoundConflict(Guid Id, IReadOnlyList<ConflictingChange> Changes, IReadOnlyList<string> Fields, ConflictDecision Decision)
{
    /// <summary>Whether a person has to decide.</summary>
    public bool NeedsPerson => !Decision.IsMade;
}

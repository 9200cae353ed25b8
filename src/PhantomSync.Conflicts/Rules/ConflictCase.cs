using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts.Rules;

/// <summary>What a rule decides about.</summary>
/// <param name="Resource">What was changed.</param>
/// <param name="Changes">At least two that have not seen each other, the earliest first by time, source and id.</param>
/// <param name="Fields">What more than one of them sets, to different values; in ordinal order.</param>
public sealed record ConflictCase(ResourceKey Resource, IReadOnlyList<ConflictingChange> Changes, IReadOnlyList<string> Fields)
{
    /// <summary>The latest of some of the changes, the same for everybody.</summary>
    public static ConflictingChange LatestOf(IEnumerable<ConflictingChange> changes) =>
        changes.Max(TotalOrder.Instance) ?? throw new ArgumentException("There is no change to choose from.", nameof(changes));
}

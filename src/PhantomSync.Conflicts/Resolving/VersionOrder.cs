using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts.Resolving;

/// <summary>
/// The change with the highest version number. Vector clocks have been heard before: changes that are compared here have not seen
/// each other.
/// </summary>
internal static class VersionOrder
{
    public static ConflictDecision Highest(IReadOnlyList<ConflictingChange> changes)
    {
        const string Strategy = nameof(StrategyKind.VersionBased);
        var without = changes.Where(change => change.Version is null).Select(change => change.ChangeId).ToArray();
        if (without.Length == changes.Count)
        {
            return ConflictDecision.Undecided(Strategy, changes.All(change => change.VectorClock is not null)
                ? "the changes are concurrent by their vector clocks, and none has a version number"
                : "no change has a version number");
        }

        if (without.Length > 0)
            return ConflictDecision.Undecided(Strategy, $"no version number: {string.Join(", ", without)}");
        var highest = changes.Max(change => change.Version);
        var winners = changes.Where(change => change.Version == highest).ToArray();
        return winners.Length == 1
            ? ConflictDecision.Wins(Strategy, winners[0].ChangeId, $"the highest version, {highest}")
            : ConflictDecision.Undecided(Strategy, $"version {highest} was made {winners.Length} times: {string.Join(", ", winners.Select(change => change.ChangeId))}");
    }
}

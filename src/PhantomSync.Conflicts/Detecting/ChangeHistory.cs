using PhantomSync.Conflicts.Resolving;

namespace PhantomSync.Conflicts.Detecting;

/// <summary>
/// The changes of a resource that are remembered: a set that only grows, but for the values of changes that nothing depends on any
/// more. Those leave their ids, labels and clocks behind, as many as there may be values, so that what follows them still finds its place.
/// </summary>
internal sealed class ChangeHistory(IReadOnlyList<ConflictingChange> changes)
{
    private static readonly Dictionary<string, System.Text.Json.JsonElement> Nothing = [];

    public static ChangeHistory Empty { get; } = new([]);

    /// <summary>Each id once, in the total order.</summary>
    public IReadOnlyList<ConflictingChange> Changes => changes;

    public bool Knows(string changeId) => changes.Any(change => change.ChangeId == changeId);

    /// <summary>The history with these too; those that it knows change nothing.</summary>
    public ChangeHistory With(params IEnumerable<ConflictingChange> more)
    {
        var added = more.Where(change => !Knows(change.ChangeId)).DistinctBy(change => change.ChangeId, StringComparer.Ordinal).ToArray();
        return added.Length == 0 ? this : new ChangeHistory([.. changes.Concat(added).Order(TotalOrder.Instance)]);
    }

    /// <summary>The history within its bounds.</summary>
    /// <param name="state">What it comes to.</param>
    /// <param name="fold">Folds another history.</param>
    /// <param name="limit">How many changes may keep their values, and how many may be remembered without.</param>
    public ChangeHistory Compact(MergedState state, Func<ChangeHistory, MergedState> fold, int limit)
    {
        if (changes.Count(HasValues) <= limit)
            return Forget(state, limit);

        // Half of the room stays for what may come late; all of it goes where that would change what the resource is.
        var idle = state.Sequence.Where(change => HasValues(change) && !state.Needed.Contains(change.ChangeId)).ToArray();
        var half = Strip(idle[..Math.Max(0, idle.Length - (limit / 2))]);
        if (!IsSame(fold(half), state))
            half = Strip(idle);
        return half.Bound(state, limit).Forget(state, limit);
    }

    private static bool HasValues(ConflictingChange change) => !change.IsBare;

    private static bool IsSame(MergedState one, MergedState other) =>
        one.Fields.Select(field => (field.Key, field.Value.ChangeId, field.Value.ConflictId))
            .SequenceEqual(other.Fields.Select(field => (field.Key, field.Value.ChangeId, field.Value.ConflictId)));

    /// <summary>Where more changes than that are in dispute, the earliest and the latest of them and those whose values are shown stay.</summary>
    private ChangeHistory Bound(MergedState state, int limit)
    {
        var valued = changes.Where(HasValues).ToArray();
        if (valued.Length <= limit)
            return this;
        var shown = state.Fields.Values.Select(field => field.ChangeId).ToHashSet(StringComparer.Ordinal);
        return Strip([.. valued[(limit / 2)..^(limit / 2)].Where(change => !shown.Contains(change.ChangeId))]);
    }

    private ChangeHistory Strip(IReadOnlyList<ConflictingChange> idle)
    {
        var ids = idle.Select(change => change.ChangeId).ToHashSet(StringComparer.Ordinal);
        return ids.Count == 0 ? this : new ChangeHistory([.. changes.Select(change => ids.Contains(change.ChangeId) ? change with { Changes = Nothing, IsBare = true } : change)]);
    }

    /// <summary>Of those without values the earliest are forgotten for good.</summary>
    private ChangeHistory Forget(MergedState state, int limit)
    {
        var bare = changes.Count(change => !HasValues(change));
        if (bare <= limit)
            return this;
        var gone = state.Sequence
            .Where(change => changes.Any(known => known.ChangeId == change.ChangeId && !HasValues(known)) && !state.Needed.Contains(change.ChangeId))
            .Take(bare - limit).Select(change => change.ChangeId).ToHashSet(StringComparer.Ordinal);
        return new ChangeHistory([.. changes.Where(change => !gone.Contains(change.ChangeId))]);
    }
}

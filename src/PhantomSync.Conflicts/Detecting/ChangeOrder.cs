namespace PhantomSync.Conflicts.Detecting;

/// <summary>
/// What is known about which change was made in the knowledge of which other: by vector clocks, by version labels (a change follows
/// those that made the version it was made to), by what it supersedes, and by all of them in turn. Changes that lead to each other in a
/// circle, as labels can that are used again, do not follow one another.
/// </summary>
internal sealed class ChangeOrder
{
    private readonly Reach _reach;
    private readonly LabelGroups _labels;
    private readonly IReadOnlyList<ConflictingChange> _changes;

    /// <param name="changes">In the total order.</param>
    public ChangeOrder(IReadOnlyList<ConflictingChange> changes)
    {
        _changes = changes;
        _labels = new LabelGroups(changes);
        _reach = new Reach(changes.Count);
        var made = Enumerable.Range(0, changes.Count).Where(i => changes[i].NewVersion is not null).ToLookup(i => changes[i].NewVersion!, StringComparer.Ordinal);
        var ids = Enumerable.Range(0, changes.Count).ToDictionary(i => changes[i].ChangeId, StringComparer.Ordinal);
        var clocked = Enumerable.Range(0, changes.Count).Where(i => changes[i].VectorClock is not null).ToArray();
        for (var i = 0; i < changes.Count; i++)
        {
            foreach (var earlier in changes[i].PreviousVersion is { } previous ? made[previous] : [])
                Add(earlier, i);
            foreach (var earlier in changes[i].Supersedes)
            {
                if (ids.TryGetValue(earlier, out var known))
                    Add(known, i);
            }
        }

        foreach (var i in clocked)
        {
            foreach (var j in clocked)
            {
                if (changes[i].VectorClock!.IsBefore(changes[j].VectorClock!))
                    Add(i, j);
            }
        }

        _reach.Close();
        Sequence = Arrange();
    }

    /// <summary>Every change after those it follows; where that leaves a choice, in the total order.</summary>
    public IReadOnlyList<int> Sequence { get; }

    public bool IsBefore(int earlier, int later) => _reach.Leads(earlier, later) && !_reach.Leads(later, earlier);

    /// <summary>Whether a change is missing without which nobody can say whether one of the two follows the other.</summary>
    public bool HasGap(int one, int other) =>
        _labels.AreApart(one, other) && (_changes[one].VectorClock is null || _changes[other].VectorClock is null);

    private void Add(int earlier, int later)
    {
        if (earlier != later)
            _reach.Add(earlier, later);
    }

    private int[] Arrange()
    {
        var count = _changes.Count;
        var waitsFor = new int[count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
                waitsFor[j] += IsBefore(i, j) ? 1 : 0;
        }

        var ready = new SortedSet<int>(Enumerable.Range(0, count).Where(i => waitsFor[i] == 0));
        var sequence = new int[count];
        for (var at = 0; at < count; at++)
        {
            var next = ready.Min;
            ready.Remove(next);
            sequence[at] = next;
            for (var j = 0; j < count; j++)
            {
                if (IsBefore(next, j) && --waitsFor[j] == 0)
                    ready.Add(j);
            }
        }

        return sequence;
    }
}

namespace PhantomSync.Conflicts.Detecting;

/// <summary>
/// Which changes are tied to each other by their version labels. Two that are not have an unknown number of changes between them
/// that have not arrived.
/// </summary>
internal sealed class LabelGroups
{
    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);
    private readonly string?[] _groups;

    public LabelGroups(IReadOnlyList<ConflictingChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.PreviousVersion is { } previous && change.NewVersion is { } next)
                _parents[Root(previous)] = Root(next);
        }

        _groups = [.. changes.Select(change => (change.PreviousVersion ?? change.NewVersion) is { } label ? Root(label) : null)];
    }

    public bool AreApart(int one, int other) => _groups[one] is { } left && _groups[other] is { } right && !string.Equals(left, right, StringComparison.Ordinal);

    private string Root(string label)
    {
        while (_parents.TryGetValue(label, out var parent) && !string.Equals(parent, label, StringComparison.Ordinal))
            label = parent;
        return label;
    }
}

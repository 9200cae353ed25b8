using System.Text.Json;
using PhantomSync.Conflicts.Resolving;

namespace PhantomSync.Conflicts.Detecting;

/// <summary>Makes of a set of changes what the resource is, field by field.</summary>
internal sealed class ChangeFold
{
    private readonly ResourceKey _resource;
    private readonly ConflictJudge _judge;
    private readonly bool _awaitMissing;
    private readonly ConflictingChange[] _changes;
    private readonly ChangeOrder _order;
    private readonly Dictionary<Guid, (FoundConflict Conflict, SortedSet<string> Fields)> _conflicts = [];
    private readonly HashSet<string> _needed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _losers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pastLosers = new(StringComparer.Ordinal);
    private bool _isWaiting;

    private ChangeFold(ResourceKey resource, IEnumerable<ConflictingChange> changes, ConflictJudge judge, bool awaitMissing)
    {
        (_resource, _judge, _awaitMissing) = (resource, judge, awaitMissing);
        _changes = [.. changes.Order(TotalOrder.Instance)];
        _order = new ChangeOrder(_changes);
    }

    /// <param name="resource">What they change.</param>
    /// <param name="changes">A set: each id once, in any order.</param>
    /// <param name="judge">Decides between those that disagree.</param>
    /// <param name="awaitMissing">Whether changes with a gap between them are taken to be made one after the other, or to be concurrent.</param>
    public static MergedState Of(ResourceKey resource, IEnumerable<ConflictingChange> changes, ConflictJudge judge, bool awaitMissing) =>
        new ChangeFold(resource, changes, judge, awaitMissing).Run();

    private MergedState Run()
    {
        var fields = new SortedDictionary<string, MergedField>(StringComparer.Ordinal);
        foreach (var field in _changes.SelectMany(change => change.Changes.Keys).Distinct(StringComparer.Ordinal))
            fields[field] = Fold(field);
        var heads = Heads();
        var latest = Array.FindLast(heads, head => !_losers.Contains(head.ChangeId)) ?? heads.LastOrDefault();
        if (latest is not null)
            _needed.Add(latest.ChangeId);
        return new MergedState
        {
            Fields = fields,
            Conflicts = [.. _conflicts.Values.Select(found => found.Conflict with { Fields = [.. found.Fields] }).OrderBy(conflict => conflict.Id)],
            Latest = latest,
            IsMerged = heads.Length > 1,
            IsWaiting = _isWaiting,
            Needed = _needed,
            Sequence = [.. _order.Sequence.Select(index => _changes[index])],
        };
    }

    private MergedField Fold(string field)
    {
        var replay = new FieldReplay(field, _changes, _order, _judge, _awaitMissing).Run();
        _isWaiting |= replay.HasWaited;
        foreach (var past in replay.Past)
            _pastLosers.UnionWith(Note(past, field).Changes.Select(change => change.ChangeId));
        var standing = replay.Standing;
        foreach (var index in standing)
            _needed.Add(_changes[index].ChangeId);
        if (!replay.IsDisputed)
            return new MergedField(replay.ValueOf(standing[^1]), _changes[standing[^1]].ChangeId, null, IsProvisional: false);

        var conflict = Note(standing, field);
        var decision = conflict.Decision;
        var shown = decision.Merged is not null ? standing[^1]
            : decision.WinningChangeId is { } winner ? standing.First(index => _changes[index].ChangeId == winner)
            : standing[0];
        foreach (var index in standing)
        {
            if (index != shown)
                _losers.Add(_changes[index].ChangeId);
        }

        JsonElement? merged = decision.Merged?[field];
        return new MergedField(merged ?? replay.ValueOf(shown), _changes[shown].ChangeId, conflict.Id, conflict.NeedsPerson);
    }

    private FoundConflict Note(IReadOnlyList<int> standing, string field)
    {
        ConflictingChange[] changes = [.. standing.Select(index => _changes[index]).Order(TotalOrder.Instance)];
        var id = ConflictId.Of(_resource, changes.Select(change => change.ChangeId));
        if (!_conflicts.TryGetValue(id, out var found))
            _conflicts[id] = found = (new FoundConflict(id, changes, [], _judge.Decide(changes)), new SortedSet<string>(StringComparer.Ordinal));
        found.Fields.Add(field);
        return found.Conflict;
    }

    /// <summary>The changes that nothing follows and that no decision lies behind; where that leaves none, those that nothing follows.</summary>
    private ConflictingChange[] Heads()
    {
        var heads = _order.Sequence.Where(index => !_order.Sequence.Any(later => _order.IsBefore(index, later)))
            .Select(index => _changes[index]).Where(change => !change.IsBare).ToArray();
        var standing = Array.FindAll(heads, head => !_pastLosers.Contains(head.ChangeId) || _needed.Contains(head.ChangeId));
        return standing.Length > 0 ? standing : heads;
    }
}

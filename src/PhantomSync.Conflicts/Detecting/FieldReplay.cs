using System.Text.Json;
using PhantomSync.Conflicts.Resolving;

namespace PhantomSync.Conflicts.Detecting;

/// <summary>
/// Replays the changes of one field, each after those it follows. What stands are changes that have not seen each other; between them
/// it is decided. A change that was made to the decided value has the decision behind it and takes the place of all of them. One that
/// was made to a value that lost stands beside the others.
/// </summary>
internal sealed class FieldReplay(string field, IReadOnlyList<ConflictingChange> changes, ChangeOrder order, ConflictJudge judge, bool awaitMissing)
{
    private List<int> _standing = [];

    /// <summary>The decided conflicts that a later change has put behind it.</summary>
    public List<IReadOnlyList<int>> Past { get; } = [];

    /// <summary>What stands in the end, in the order of the sequence.</summary>
    public IReadOnlyList<int> Standing => _standing;

    /// <summary>Whether a change took another's place of which nobody can say yet that it follows.</summary>
    public bool HasWaited { get; private set; }

    /// <summary>Whether what stands in the end disagrees.</summary>
    public bool IsDisputed => Disagree(_standing);

    public FieldReplay Run()
    {
        foreach (var next in order.Sequence)
        {
            if (changes[next].Changes.TryGetValue(field, out var value))
                Take(next, value);
        }

        return this;
    }

    /// <summary>What is decided between what stands in the end.</summary>
    public ConflictDecision Decide() => judge.Decide([.. _standing.Select(index => changes[index])]);

    public JsonElement ValueOf(int index) => changes[index].Changes[field];

    private void Take(int next, JsonElement value)
    {
        var beside = new List<int>();
        var follows = false;
        foreach (var standing in _standing)
        {
            if (order.IsBefore(standing, next))
            {
                follows = true;
            }
            else if (awaitMissing && order.HasGap(standing, next))
            {
                HasWaited |= !JsonElement.DeepEquals(ValueOf(standing), value);
            }
            else
            {
                beside.Add(standing);
            }
        }

        if (beside.Count > 0 && follows && _standing.Exists(standing => order.IsBefore(standing, next) && IsCurrent(standing)))
        {
            if (Disagree(_standing))
                Past.Add(_standing);
            beside.Clear();
        }

        _standing = [.. beside, next];
    }

    /// <summary>Whether the resource shows this change's value among those that stand.</summary>
    private bool IsCurrent(int index)
    {
        if (!Disagree(_standing))
            return true;
        var decision = Decide();
        if (decision.Merged is not null)
            return index == _standing[^1];
        return decision.WinningChangeId is { } winner
            && JsonElement.DeepEquals(ValueOf(index), ValueOf(_standing.Find(standing => changes[standing].ChangeId == winner)));
    }

    private bool Disagree(List<int> standing) => standing.Exists(index => !JsonElement.DeepEquals(ValueOf(index), ValueOf(standing[0])));
}

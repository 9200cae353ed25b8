using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Queueing;
using PhantomSync.Conflicts.Resolving;
using PhantomSync.Conflicts.Storing;

namespace PhantomSync.Tests.Conflicts;

/// <summary>One store of a resource, without a database: takes changes as they come, as the resolver does.</summary>
internal sealed class Replica(ConflictPolicy policy)
{
    private readonly ConflictJudge _judge = Changes.Judge(policy);

    public ChangeHistory History { get; private set; } = ChangeHistory.Empty;

    public MergedState State { get; private set; } = Changes.Fold(policy);

    public Dictionary<Guid, ConflictRecord> Records { get; } = [];

    /// <summary>How often a conflict was found or closed.</summary>
    public int Events { get; private set; }

    /// <param name="changes">What arrives.</param>
    /// <param name="awaitMissing">Whether those with a gap between them wait.</param>
    public void Take(IEnumerable<ConflictingChange> changes, bool awaitMissing = true)
    {
        foreach (var change in changes)
        {
            if (History.Knows(change.ChangeId))
                continue;
            History = History.With(change);
            Update(awaitMissing);
        }
    }

    /// <summary>Nothing is waited for any more.</summary>
    public void StopWaiting() => Update(awaitMissing: false);

    /// <summary>A person decides every open conflict for its first change.</summary>
    public IReadOnlyList<ConflictingChange> ResolveAll(string by)
    {
        var decided = new List<ConflictingChange>();
        while (Records.Values.FirstOrDefault(record => record.IsOpen) is { } open)
        {
            var resolution = new ManualResolution { By = by, Reason = "test", Choose = open.ReadChanges()[0].ChangeId };
            var (values, chosen, fault) = QueueRules.Read(open, resolution);
            fault.ShouldBeNull();
            QueueRules.Resolve(open, resolution, values!, chosen!.ChangeId, Changes.Noon.ToDateTimeOffset());
            var change = QueueRules.Change(open, values!, chosen, by, State, Changes.Noon.ToDateTimeOffset());
            decided.Add(change);
            Take([change], awaitMissing: false);
        }

        return decided;
    }

    private void Update(bool awaitMissing)
    {
        MergedState Fold(ChangeHistory history) => ChangeFold.Of(Changes.Resource, history.Changes, _judge, awaitMissing);

        State = Fold(History);
        foreach (var entry in ConflictLedger.Reconcile(Changes.Resource, Records.Values, [], State, Changes.Noon.ToDateTimeOffset()))
        {
            Records[entry.Record.ConflictId] = entry.Record;
            Events++;
        }

        History = History.Compact(State, Fold, policy.Remembered);
    }
}

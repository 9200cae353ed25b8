using System.Text;
using System.Text.Json;
using CsCheck;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Resolving;

namespace PhantomSync.Tests.Conflicts;

/// <summary>What holds for every history of changes, whatever happened in it and in whatever order it arrives.</summary>
public sealed class ConvergenceTests
{
    private const int Histories = 10_000;

    private static readonly Gen<(List<Draw> Draws, ConflictStrategy Strategy, ConflictStrategy Fallback, int Seed)> History =
        Gen.Select(Draw.Any.List[1, 7], Draw.Strategy, Draw.Strategy, Gen.Int[0, int.MaxValue]);

    [Fact, Trait("row", "S16.36"), Trait("row", "S16.02"), Trait("row", "S16.03"), Trait("row", "S16.04"), Trait("row", "S16.05")]
    public void Whoever_saw_the_same_changes_in_any_order_ends_in_the_same_state_and_redelivery_changes_nothing() =>
        History.Sample(
            (draws, strategy, fallback, seed) =>
            {
                var policy = Changes.Policy(strategy).Otherwise(fallback);
                var random = new Random(seed);
                var changes = Draw.Tell(draws);
                var one = new Replica(policy);
                one.Take(changes);
                one.StopWaiting();
                var other = new Replica(policy);
                other.Take(Shuffled(changes, random));
                other.Take(Shuffled(changes, random));
                other.StopWaiting();
                Said(other).ShouldBe(Said(one));

                // A person decides in one place; what else is under way meets the decision there and elsewhere.
                var decided = one.ResolveAll("alice");
                one.State.Conflicts.ShouldNotContain(conflict => conflict.NeedsPerson);
                var late = new Replica(policy);
                late.Take(Shuffled([.. changes, .. decided], random));
                late.StopWaiting();
                other.Take(Shuffled([.. decided], random), awaitMissing: false);
                Said(late).ShouldBe(Said(one));
                Said(other).ShouldBe(Said(one));

                var (events, before) = (one.Events, Kept(one));
                one.Take(Shuffled([.. changes, .. decided, .. changes], random), awaitMissing: false);
                one.StopWaiting();
                one.Events.ShouldBe(events);
                Kept(one).ShouldBe(before);
            },
            iter: Histories);

    [Fact, Trait("row", "S16.25"), Trait("row", "S16.20"), Trait("row", "S16.08")]
    public void No_change_is_dropped_without_a_record_that_says_what_won_and_why() =>
        History.Sample(
            (draws, strategy, fallback, seed) =>
            {
                var changes = Shuffled(Draw.Tell(draws), new Random(seed));
                var replica = new Replica(Changes.Policy(strategy).Otherwise(fallback));
                replica.Take(changes);
                replica.StopWaiting();
                replica.ResolveAll("alice");
                foreach (var record in replica.Records.Values)
                {
                    record.IsOpen.ShouldBeFalse();
                    (record.ResolvedBy, record.Resolution).ShouldSatisfyAllConditions(r => r.ResolvedBy.ShouldNotBeNullOrEmpty(), r => r.Resolution.ShouldNotBeNull());
                    record.Reason.ShouldNotBeEmpty();
                }

                foreach (var change in changes)
                {
                    foreach (var (field, value) in change.Changes)
                        IsAccountedFor(replica, changes, change, field, value).ShouldBeTrue($"{change.ChangeId}.{field} = {value} is gone; shown is {replica.State.Fields[field]}");
                }
            },
            iter: Histories / 10);

    [Fact, Trait("row", "S16.17"), Trait("row", "S2.02")]
    public void Changes_that_each_knew_the_one_before_are_never_in_conflict() =>
        Gen.Select(Draw.Any.List[1, 9], Gen.Int[1, 3], Draw.Strategy, Gen.Int[0, int.MaxValue]).Sample(
            (draws, says, strategy, seed) =>
            {
                // A chain: every change knows all earlier ones, whatever their clocks on the wall say.
                var chain = Draw.Tell([.. draws.Select(draw => draw with { Knows = -1 })], says);
                var replica = new Replica(Changes.Policy(strategy));
                replica.Take(Shuffled(chain, new Random(seed)));
                replica.State.Conflicts.ShouldBeEmpty();
                replica.State.Latest!.ChangeId.ShouldBe(chain[^1].ChangeId);
                foreach (var (field, shown) in replica.State.Fields)
                    shown.ChangeId.ShouldBe(chain.Last(change => change.Changes.ContainsKey(field)).ChangeId);
            },
            iter: Histories / 10);

    [Fact, Trait("row", "S16.17")]
    public void Two_concurrent_changes_are_in_conflict_exactly_where_they_set_a_field_to_different_values() =>
        Gen.Select(Draw.Any, Draw.Any, Draw.Strategy).Sample(
            (first, second, strategy) =>
            {
                var changes = Draw.Tell([first with { Source = 0 }, second with { Source = 1, Knows = 0 }]);
                var state = Changes.Fold(Changes.Policy(strategy), changes);
                var disputed = changes[0].Changes.Keys.Intersect(changes[1].Changes.Keys).Where(field => changes[0].Changes[field].GetRawText() != changes[1].Changes[field].GetRawText()).Order(StringComparer.Ordinal);
                state.Conflicts.SelectMany(conflict => conflict.Fields).ShouldBe(disputed);
                state.Fields.Keys.ShouldBe(changes.SelectMany(change => change.Changes.Keys).Distinct().Order(StringComparer.Ordinal));
            },
            iter: Histories / 10);

    [Fact, Trait("row", "S16.35")]
    public void What_is_remembered_stays_bounded_and_what_is_shown_does_not_change_by_forgetting() =>
        Gen.Select(Draw.Any.List[20, 60], Draw.Strategy).Sample(
            (draws, strategy) =>
            {
                var bounded = new Replica(Changes.Policy(strategy).Remember(8));
                var unbounded = new Replica(Changes.Policy(strategy).Remember(10_000));
                foreach (var change in Draw.Tell(draws, says: 2))
                {
                    var known = bounded.History.Changes.Count;
                    bounded.Take([change]);
                    unbounded.Take([change]);
                    bounded.History.Changes.Count(kept => !kept.IsBare).ShouldBeLessThanOrEqualTo(8 + Draw.Names.Length);
                    bounded.History.Changes.Count.ShouldBeLessThanOrEqualTo(Math.Max(known + 1, 16 + Draw.Names.Length));
                }

                if (strategy == ConflictStrategy.LastWriteWins)
                    Values(bounded).ShouldBe(Values(unbounded));
            },
            iter: 50);

    private static ConflictingChange[] Shuffled(ConflictingChange[] changes, Random random)
    {
        var shuffled = changes.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    private static string Values(Replica replica) => JsonSerializer.Serialize(replica.State.Fields.Select(field => $"{field.Key} = {field.Value.Value} of {field.Value.ChangeId}"));

    /// <summary>All that is a function of the changes: what is shown, and the conflicts with their winners.</summary>
    private static string Said(Replica replica)
    {
        var said = new StringBuilder($"latest {replica.State.Latest?.ChangeId}\n");
        foreach (var (name, field) in replica.State.Fields)
            said.Append($"{name} = {field.Value.GetRawText()} of {field.ChangeId} by {field.ConflictId} {field.IsProvisional}\n");
        foreach (var conflict in replica.State.Conflicts)
            said.Append($"{conflict.Id} {string.Join(',', conflict.Fields)}: {conflict.Decision.Strategy} {conflict.Decision.WinningChangeId} {conflict.Decision.Reason}\n");
        foreach (var open in replica.Records.Values.Where(record => record.IsOpen).Select(record => record.ConflictId).Order())
            said.Append($"open {open}\n");
        return said.ToString();
    }

    private static string Kept(Replica replica) =>
        string.Join('\n', replica.Records.Values.OrderBy(record => record.ConflictId).Select(record => $"{record.ConflictId} {record.Revision} {record.Status} {record.Fields} {record.Resolution} {record.Reason}"));

    /// <summary>Its value is shown, or was known to a change that set the field anew, or stands in a kept conflict; or all that holds for another that said the same.</summary>
    private static bool IsAccountedFor(Replica replica, ConflictingChange[] changes, ConflictingChange change, string field, JsonElement value)
    {
        var all = replica.History.Changes;
        var order = new ChangeOrder(all);
        var ids = all.Select(known => known.ChangeId).ToList();
        return Same().Any(same => replica.State.Fields[field].ChangeId == same.ChangeId || IsKnownToALater(same) || IsRecorded(same));

        IEnumerable<ConflictingChange> Same() =>
            changes.Where(other => other.Changes.TryGetValue(field, out var theirs) && JsonElement.DeepEquals(theirs, value)).OrderByDescending(other => other == change);

        bool IsKnownToALater(ConflictingChange same) =>
            all.Any(later => later.Changes.ContainsKey(field) && order.IsBefore(ids.IndexOf(same.ChangeId), ids.IndexOf(later.ChangeId)));

        bool IsRecorded(ConflictingChange same) =>
            replica.Records.Values.Any(record => record.ReadFields().Contains(field) && record.ReadChanges().Any(candidate => candidate.ChangeId == same.ChangeId));
    }
}

using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Resolving;

namespace PhantomSync.Tests.Conflicts;

/// <summary>What each strategy decides, and what it does not.</summary>
public sealed class StrategyTests
{
    private static readonly ConflictingChange Early = Changes.Change("early", "one", 0, ("status", "paid"));
    private static readonly ConflictingChange Late = Changes.Change("late", "two", 60, ("status", "sent"));

    [Fact, Trait("row", "S16.02"), Trait("row", "S16.04")]
    public void The_last_write_or_the_first_wins_whatever_order_they_are_given_in()
    {
        foreach (var changes in (ConflictingChange[][])[[Early, Late], [Late, Early]])
        {
            Changes.Fold(Changes.Policy(ConflictStrategy.LastWriteWins), changes).Shown("status").ShouldBe("\"sent\"");
            Changes.Fold(Changes.Policy(ConflictStrategy.FirstWriteWins), changes).Shown("status").ShouldBe("\"paid\"");
        }
    }

    [Theory, Trait("row", "S16.03"), Trait("row", "S16.05")]
    [InlineData("a", "a", "1", "2")]
    [InlineData("a", "b", "2", "1")]
    public void Of_changes_made_at_the_same_time_source_and_id_decide(string firstSource, string lastSource, string firstId, string lastId)
    {
        ConflictingChange[] changes = [Changes.Change(lastId, lastSource, 5, ("status", "last")), Changes.Change(firstId, firstSource, 5, ("status", "first"))];
        Changes.Fold(Changes.Policy(ConflictStrategy.LastWriteWins), changes).Shown("status").ShouldBe("\"last\"");
        Changes.Fold(Changes.Policy(ConflictStrategy.FirstWriteWins), changes).Shown("status").ShouldBe("\"first\"");
    }

    [Fact, Trait("row", "S16.02")]
    public void A_clock_that_is_an_hour_off_does_not_win_by_it()
    {
        var ahead = Changes.Change("ahead", "two", 3600, ("status", "sent"));
        foreach (var strategy in (ConflictStrategy[])[ConflictStrategy.LastWriteWins, ConflictStrategy.FirstWriteWins])
        {
            var conflict = Changes.Fold(Changes.Policy(strategy), Early, ahead).Conflicts.ShouldHaveSingleItem();
            conflict.NeedsPerson.ShouldBeTrue();
            conflict.Decision.Reason.ShouldContain("01:00:00");
            conflict.Decision.Reason.ShouldContain("clocks are believed within 00:05:00");
        }

        Changes.Fold(Changes.Policy(ConflictStrategy.LastWriteWins).BelieveClocksWithin(TimeSpan.FromHours(1)), Early, ahead).Shown("status").ShouldBe("\"sent\"");
        Changes.Fold(Changes.Policy(ConflictStrategy.LastWriteWins), Early, ahead with { SourceService = "one" }).Shown("status").ShouldBe("\"sent\"", "one clock agrees with itself");
    }

    [Fact, Trait("row", "S16.06")]
    public void The_highest_version_wins_and_clocks_that_know_each_other_make_no_conflict()
    {
        var policy = Changes.Policy(ConflictStrategy.VersionBased);
        var decided = Changes.Fold(policy, Early with { Version = 10 }, Late with { Version = 9 });
        decided.Shown("status").ShouldBe("\"paid\"");
        decided.Conflicts.ShouldHaveSingleItem().Decision.Strategy.ShouldBe("VersionBased");

        var known = Changes.Fold(policy, Late with { VectorClock = Changes.Clock(("two", 1)) }, Early with { VectorClock = Changes.Clock(("one", 1), ("two", 1)) });
        known.Conflicts.ShouldBeEmpty();
        known.Shown("status").ShouldBe("\"paid\"");

        var concurrent = Changes.Fold(policy, Late with { VectorClock = Changes.Clock(("two", 1)) }, Early with { VectorClock = Changes.Clock(("one", 1)) });
        concurrent.Conflicts.ShouldHaveSingleItem().Decision.Reason.ShouldContain("concurrent by their vector clocks");
    }

    [Fact, Trait("row", "S16.08"), Trait("row", "S16.09"), Trait("row", "S16.10")]
    public void Where_versions_are_missing_mixed_or_equal_a_person_decides_or_the_fallback()
    {
        var policy = Changes.Policy(ConflictStrategy.VersionBased);
        Reason(policy, Early, Late).ShouldContain("no change has a version number");
        Reason(policy, Early with { Version = 1 }, Late).ShouldContain("no version number: late");
        Reason(policy, Early with { Version = 7 }, Late with { Version = 7 }).ShouldContain("version 7 was made 2 times: early, late");
        Changes.Fold(policy, Early with { Version = 7 }, Late with { Version = 7, Changes = Early.Changes }).Conflicts.ShouldBeEmpty("they say the same");

        var decision = Changes.Fold(policy.Otherwise(ConflictStrategy.LastWriteWins), Early with { Version = 1 }, Late).Conflicts.ShouldHaveSingleItem().Decision;
        (decision.Strategy, decision.WinningChangeId).ShouldBe(("LastWriteWins", "late"));
        decision.Trace.Count.ShouldBe(2);
    }

    [Fact, Trait("row", "S16.18")]
    public void None_and_one_change_are_no_conflict()
    {
        var policy = Changes.Policy(ConflictStrategy.ManualResolution);
        Changes.Fold(policy).Fields.ShouldBeEmpty();
        Changes.Fold(policy, Early).Conflicts.ShouldBeEmpty();
    }

    [Fact, Trait("row", "S16.17")]
    public void Changes_of_different_fields_are_merged_and_only_what_they_share_is_in_dispute()
    {
        var state = Changes.Fold(
            Changes.Policy(ConflictStrategy.ManualResolution),
            Changes.Change("1", "one", 0, ("a", 1), ("b", 1), ("same", "x")),
            Changes.Change("2", "two", 1, ("b", 2), ("c", null), ("same", "x")));
        state.Fields.Select(field => $"{field.Key}={field.Value.Value.GetRawText()}").ShouldBe(["a=1", "b=1", "c=null", "same=\"x\""]);
        state.Conflicts.ShouldHaveSingleItem().Fields.ShouldBe(["b"]);
        state.Fields["b"].IsProvisional.ShouldBeTrue();
        state.IsMerged.ShouldBeTrue();
    }

    [Fact, Trait("row", "S16.17"), Trait("row", "S2.02")]
    public void What_is_made_to_the_decided_value_has_the_decision_behind_it_and_what_is_made_to_the_loser_has_not()
    {
        var policy = Changes.Policy(ConflictStrategy.LastWriteWins);
        var loser = Early with { PreviousVersion = "1", NewVersion = "2a" };
        var winner = Late with { PreviousVersion = "1", NewVersion = "2b" };
        var next = Changes.Change("next", "one", 70, ("status", "received")) with { PreviousVersion = "2b", NewVersion = "3" };
        var state = Changes.Fold(policy, loser, winner, next);
        state.Shown("status").ShouldBe("\"received\"");
        state.Conflicts.ShouldHaveSingleItem().Changes.ShouldBe([loser, winner]);
        state.Latest!.NewVersion.ShouldBe("3");

        var stubborn = Changes.Fold(policy, loser, winner, next with { PreviousVersion = "2a" });
        stubborn.Conflicts.ShouldHaveSingleItem().Changes.Select(change => change.ChangeId).ShouldBe(["late", "next"]);
    }

    [Fact, Trait("row", "S2.02")]
    public void Around_a_gap_the_latest_counts_until_the_missing_change_comes_or_is_waited_for_no_longer()
    {
        var first = Early with { PreviousVersion = "1", NewVersion = "2" };
        var missing = Changes.Change("missing", "one", 30, ("note", "x")) with { PreviousVersion = "2", NewVersion = "3" };
        var last = Late with { PreviousVersion = "3", NewVersion = "4" };
        var judge = Changes.Judge(Changes.Policy(ConflictStrategy.FirstWriteWins));
        var waiting = ChangeFold.Of(Changes.Resource, [first, last], judge, awaitMissing: true);
        (waiting.IsWaiting, waiting.Shown("status"), waiting.Conflicts.Count).ShouldBe((true, "\"sent\"", 0));
        var given = ChangeFold.Of(Changes.Resource, [first, last], judge, awaitMissing: false);
        (given.IsWaiting, given.Shown("status"), given.Conflicts.Count).ShouldBe((false, "\"paid\"", 1));
        var complete = ChangeFold.Of(Changes.Resource, [first, last, missing], judge, awaitMissing: true);
        (complete.IsWaiting, complete.Shown("status"), complete.Conflicts.Count).ShouldBe((false, "\"sent\"", 0));
    }

    [Fact, Trait("row", "S16.26")]
    public void A_conflicts_id_is_made_of_its_resource_and_changes_and_of_nothing_else()
    {
        var id = ConflictId.Of(Changes.Resource, ["a", "b"]);
        ConflictId.Of(Changes.Resource, ["b", "a"]).ShouldBe(id);
        ConflictId.Of(Changes.Resource, ["ab"]).ShouldNotBe(id);
        ConflictId.Of(new ResourceKey("other", "ORDER", "order-1"), ["a", "b"]).ShouldNotBe(id);
        Should.Throw<ArgumentException>(() => new ResourceKey("acme", "ORDER", " "));
    }

    [Fact, Trait("row", "S16.01")]
    public void A_policy_is_chosen_by_kind_and_tenant_and_inherits_what_it_does_not_say()
    {
        var options = new PhantomSync.Conflicts.ConflictOptions();
        options.For("ORDER", "acme").Use(ConflictStrategy.ManualResolution);
        options.For("ORDER").Use(ConflictStrategy.FirstWriteWins).BelieveClocksWithin(TimeSpan.FromSeconds(1));
        var mine = options.PolicyOf(Changes.Resource);
        (mine.Strategy, mine.MaxClockSkew).ShouldBe((ConflictStrategy.ManualResolution, TimeSpan.FromSeconds(1)));
        options.PolicyOf(new ResourceKey("other", "ORDER", "1")).Strategy.ShouldBe(ConflictStrategy.FirstWriteWins);
        options.PolicyOf(new ResourceKey("acme", "CART", "1")).Strategy.ShouldBe(ConflictStrategy.LastWriteWins);
        ConflictPolicy.Read(mine.Write()).Write().ShouldBe(mine.Write());
    }

    [Theory]
    [InlineData("LastWriteWins")]
    [InlineData("FirstWriteWins")]
    [InlineData("VersionBased")]
    [InlineData("ManualResolution")]
    [InlineData("BusinessRule:TrainingServicePriority")]
    [InlineData("BusinessRule:One+Two")]
    public void A_strategys_label_is_read_as_the_strategy(string label) => ConflictStrategy.Parse(label).ToString().ShouldBe(label);

    [Theory]
    [InlineData("lastwritewins")]
    [InlineData("BusinessRule:")]
    [InlineData("")]
    public void What_is_no_strategy_is_refused_with_those_that_are(string label) =>
        Should.Throw<FormatException>(() => ConflictStrategy.Parse(label)).Message.ShouldContain("LastWriteWins, FirstWriteWins, VersionBased, ManualResolution or BusinessRule:TrainingServicePriority");

    private static string Reason(ConflictPolicy policy, params ConflictingChange[] changes)
    {
        var conflict = Changes.Fold(policy, changes).Conflicts.ShouldHaveSingleItem();
        conflict.NeedsPerson.ShouldBeTrue();
        conflict.Decision.Strategy.ShouldBe("ManualResolution");
        return conflict.Decision.Reason;
    }
}

using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PhantomSync.Conflicts;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Resolving;
using PhantomSync.Conflicts.Rules;

namespace PhantomSync.Tests.Conflicts;

/// <summary>Rules of the business.</summary>
public sealed class RuleTests
{
    private static readonly ConflictingChange Api = Changes.Change("api", "api", 9, ("price", 30), ("stock", 1));
    private static readonly ConflictingChange Import = Changes.Change("import", "import", 0, ("price", 20), ("stock", 5));

    [Fact, Trait("row", "S16.29")]
    public void The_training_service_goes_first_the_latest_of_several_counts_and_without_it_the_rule_abstains()
    {
        ConflictingChange Trained(string id, double seconds) => Changes.Change(id, "training_service", seconds, ("price", id));
        Picked(Api, Trained("t1", 1)).ShouldBe("t1");
        Picked(Api, Trained("t1", 1), Trained("t2", 2)).ShouldBe("t2");
        Picked(Trained("t2", 2), Trained("t1", 2), Api).ShouldBe("t2", "of the same time and source the id decides");
        Picked(Api, Import).ShouldBeNull();
        Changes.Judge(Changes.Policy(ConflictStrategy.BusinessRules("TrainingServicePriority"))).Decide([Api, Trained("t1", 1)]).Strategy.ShouldBe("BusinessRule:TrainingServicePriority");
        new TrainingServicePriorityRule("import").Decide(new ConflictCase(Changes.Resource, [Import, Api], ["price"])).ChangeId.ShouldBe("import");

        string? Picked(params ConflictingChange[] changes) => new TrainingServicePriorityRule().Decide(new ConflictCase(Changes.Resource, changes, ["price"])).ChangeId;
    }

    [Fact, Trait("row", "S16.11"), Trait("row", "S16.28")]
    public void Rules_are_asked_in_their_order_and_one_may_merge()
    {
        var lowest = Decide(["Abstain", "LowestPrice"], new Rule("Abstain", _ => RuleAnswer.Abstain), new LowestPrice());
        lowest.Strategy.ShouldBe("BusinessRule:LowestPrice");
        lowest.Merged!["price"].GetInt32().ShouldBe(20);
        lowest.Merged["stock"].GetInt32().ShouldBe(1);
        lowest.Trace.ShouldBe(["BusinessRule:Abstain: abstained", "BusinessRule:LowestPrice: made values for price, stock"]);
    }

    [Fact, Trait("row", "S16.12"), Trait("row", "S16.28")]
    public void A_rule_that_fails_or_answers_nonsense_is_passed_over_and_what_it_did_is_kept()
    {
        var decision = Decide(
            ["Throws", "Stranger", "Half", "Null"],
            new Rule("Throws", _ => throw new InvalidOperationException("no stock data")),
            new Rule("Stranger", _ => RuleAnswer.Pick(Changes.Change("stranger"))),
            new Rule("Half", _ => RuleAnswer.Merge(new Dictionary<string, JsonElement> { ["price"] = default })),
            new Rule("Null", _ => null!));
        decision.IsMade.ShouldBeFalse();
        decision.Strategy.ShouldBe("ManualResolution");
        string.Join('\n', decision.Trace).ShouldSatisfyAllConditions(
            trace => trace.ShouldContain("BusinessRule:Throws: failed with InvalidOperationException: no stock data"),
            trace => trace.ShouldContain("stranger is none of the changes"),
            trace => trace.ShouldContain("it has values for [price], the dispute is about [price, stock]"),
            trace => trace.ShouldContain("it is null"),
            trace => trace.ShouldContain("no rule had an answer"));
    }

    [Fact, Trait("row", "S16.28")]
    public void A_merged_value_is_shown_and_what_follows_it_has_it_behind_it()
    {
        ConflictingChange[] changes = [Api with { PreviousVersion = "1", NewVersion = "2a" }, Import with { PreviousVersion = "1", NewVersion = "2b" }];
        var judge = Changes.Judge(Changes.Policy(ConflictStrategy.BusinessRules("LowestPrice")), new LowestPrice());
        var merged = ChangeFold.Of(Changes.Resource, changes, judge, awaitMissing: false);
        merged.Fields.Values.Select(field => field.Value.GetInt32()).ShouldBe([20, 1]);
        var next = Changes.Change("next", "api", 20, ("price", 25)) with { PreviousVersion = merged.Latest!.NewVersion, NewVersion = "3" };
        var after = ChangeFold.Of(Changes.Resource, [next, .. changes], judge, awaitMissing: false);
        after.Shown("price").ShouldBe("25");
        after.Conflicts.Count.ShouldBe(1);
    }

    [Fact, Trait("row", "S16.14")]
    public void A_policy_that_could_not_be_carried_out_is_refused_at_the_start()
    {
        Refusal(services => services.AddConflictResolution(options => options.For("ORDER", "acme").Use(ConflictStrategy.BusinessRules("Nobody"))))
            .ShouldContain("""For("ORDER", "acme"): there is no rule 'Nobody'. Register it with AddConflictRule<…>(); known are TrainingServicePriority""");
        Refusal(services => services.AddConflictResolution(options => options.Default.Remember(1))).ShouldContain("Default: Remember(1): it must be from 4 to 10,000");
        Refusal(services => services.AddConflictResolution(options => options.Default.BelieveClocksWithin(-TimeSpan.FromSeconds(1)))).ShouldContain("must not be negative");
        Refusal(services => services.AddConflictResolution().AddConflictRule<LowestPrice>().AddConflictRule<Twin>()).ShouldContain("Two conflict rules are called 'LowestPrice'");
        Should.Throw<ArgumentException>(() => ConflictStrategy.BusinessRules()).Message.ShouldContain("No rule is named");
        Should.Throw<ArgumentException>(() => ConflictStrategy.BusinessRules("a", "a")).Message.ShouldContain("named twice");

        static string Refusal(Action<IServiceCollection> configure)
        {
            var services = new ServiceCollection();
            configure(services);
            using var provider = services.BuildServiceProvider();
            return Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IOptions<ConflictOptions>>().Value).Message;
        }
    }

    private static ConflictDecision Decide(string[] names, params IConflictRule[] rules) =>
        Changes.Judge(Changes.Policy(ConflictStrategy.BusinessRules(names)), rules).Decide([Api, Import]);

    private sealed class Rule(string name, Func<ConflictCase, RuleAnswer> decide) : IConflictRule
    {
        public string Name => name;

        public RuleAnswer Decide(ConflictCase conflict) => decide(conflict);
    }

    private sealed class Twin : IConflictRule
    {
        public string Name => "LowestPrice";

        public RuleAnswer Decide(ConflictCase conflict) => RuleAnswer.Abstain;
    }
}

using PhantomSync.Conflicts.Rules;

namespace PhantomSync.Tests.Conflicts;

/// <summary>The rule that docs/conflicts.md shows.</summary>
public sealed class LowestPrice : IConflictRule
{
    public string Name => "LowestPrice";

    public RuleAnswer Decide(ConflictCase conflict)
    {
        if (!conflict.Fields.Contains("price") || conflict.Changes.Any(change => !change.Changes.ContainsKey("price")))
            return RuleAnswer.Abstain;
        return RuleAnswer.Merge(conflict.Fields.ToDictionary(
            field => field,
            field => conflict.Changes.Where(change => change.Changes.ContainsKey(field)).MinBy(change => change.Changes[field].GetInt32())!.Changes[field]));
    }
}

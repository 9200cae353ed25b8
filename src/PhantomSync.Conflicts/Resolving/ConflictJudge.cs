using System.Text.Json;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Rules;

namespace PhantomSync.Conflicts.Resolving;

/// <summary>
/// Decides between changes of a resource by its policy. A function of the set of changes: neither their order nor the clock of
/// whoever asks matters.
/// </summary>
internal sealed class ConflictJudge(ResourceKey resource, ConflictPolicy policy, IReadOnlyDictionary<string, IConflictRule> rules)
{
    private readonly Dictionary<string, ConflictDecision> _known = new(StringComparer.Ordinal);

    /// <param name="changes">At least two that have not seen each other.</param>
    public ConflictDecision Decide(IReadOnlyList<ConflictingChange> changes)
    {
        var key = string.Join('\n', changes.Select(change => change.ChangeId).Order(StringComparer.Ordinal));
        if (!_known.TryGetValue(key, out var decision))
            _known[key] = decision = DecideAnew([.. changes.Order(TotalOrder.Instance)]);
        return decision;
    }

    /// <summary>The fields that more than one of the changes sets, to different values.</summary>
    public static string[] Disputed(IReadOnlyList<ConflictingChange> changes) =>
    [
        .. changes.SelectMany(change => change.Changes).GroupBy(field => field.Key, field => field.Value, StringComparer.Ordinal)
            .Where(values => values.Skip(1).Any(value => !JsonElement.DeepEquals(value, values.First())))
            .Select(values => values.Key).Order(StringComparer.Ordinal),
    ];

    private ConflictDecision DecideAnew(ConflictingChange[] changes)
    {
        var trace = new List<string>();
        foreach (var strategy in (ReadOnlySpan<ConflictStrategy>)[policy.Strategy, policy.Fallback])
        {
            var decision = strategy.Kind switch
            {
                StrategyKind.LastWriteWins => WriteOrder.Last(changes, policy.MaxClockSkew),
                StrategyKind.FirstWriteWins => WriteOrder.First(changes, policy.MaxClockSkew),
                StrategyKind.VersionBased => VersionOrder.Highest(changes),
                StrategyKind.BusinessRuleBased => AskRules(strategy, changes, trace),
                _ => ConflictDecision.Undecided(nameof(StrategyKind.ManualResolution), "a person decides"),
            };
            trace.Add($"{decision.Strategy}: {decision.Reason}");
            if (decision.IsMade)
                return decision with { Trace = trace };
            if (strategy.Kind == StrategyKind.ManualResolution)
                break;
        }

        return ConflictDecision.Undecided(nameof(StrategyKind.ManualResolution), string.Join("; ", trace)) with { Trace = trace };
    }

    private ConflictDecision AskRules(ConflictStrategy strategy, ConflictingChange[] changes, List<string> trace)
    {
        var conflict = new ConflictCase(resource, changes, Disputed(changes));
        foreach (var name in strategy.Rules)
        {
            var label = ConflictStrategy.RulePrefix + name;
            try
            {
                var answer = rules[name].Decide(conflict);
                if (Fault(answer, conflict) is { } fault)
                    trace.Add($"{label}: its answer is not taken, {fault}");
                else if (answer.ChangeId is { } picked)
                    return ConflictDecision.Wins(label, picked, $"picked change {picked}");
                else if (answer.Values is { } values)
                    return new ConflictDecision { Strategy = label, Merged = values, Reason = $"made values for {string.Join(", ", values.Keys.Order(StringComparer.Ordinal))}" };
                else
                    trace.Add($"{label}: abstained");
            }
            catch (Exception exception)
            {
                // A rule is the user's; a broken one must not cost the conflict.
                trace.Add($"{label}: failed with {exception.GetType().Name}: {exception.Message}");
            }
        }

        return ConflictDecision.Undecided(strategy.ToString(), "no rule had an answer");
    }

    private static string? Fault(RuleAnswer? answer, ConflictCase conflict) => answer switch
    {
        null => "it is null",
        { ChangeId: { } picked } when conflict.Changes.All(change => change.ChangeId != picked) => $"{picked} is none of the changes",
        { Values: { } values } when !values.Keys.Order(StringComparer.Ordinal).SequenceEqual(conflict.Fields, StringComparer.Ordinal) =>
            $"it has values for [{string.Join(", ", values.Keys.Order(StringComparer.Ordinal))}], the dispute is about [{string.Join(", ", conflict.Fields)}]",
        _ => null,
    };
}

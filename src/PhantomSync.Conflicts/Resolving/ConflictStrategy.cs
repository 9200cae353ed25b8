using PhantomSync.Conflicts.Rules;

namespace PhantomSync.Conflicts.Resolving;

/// <summary>How conflicts of some resource are decided.</summary>
public sealed record ConflictStrategy
{
    /// <summary>What a rule's label begins with.</summary>
    public const string RulePrefix = "BusinessRule:";

    private ConflictStrategy(StrategyKind kind, IReadOnlyList<string> rules) => (Kind, Rules) = (kind, rules);

    public static ConflictStrategy LastWriteWins { get; } = new(StrategyKind.LastWriteWins, []);

    public static ConflictStrategy FirstWriteWins { get; } = new(StrategyKind.FirstWriteWins, []);

    public static ConflictStrategy VersionBased { get; } = new(StrategyKind.VersionBased, []);

    public static ConflictStrategy ManualResolution { get; } = new(StrategyKind.ManualResolution, []);

    public StrategyKind Kind { get; }

    /// <summary>The names of the rules, in the order in which they are asked.</summary>
    public IReadOnlyList<string> Rules { get; }

    /// <summary>These rules, by their <see cref="IConflictRule.Name"/>, in this order.</summary>
    /// <exception cref="ArgumentException">No rule is named, or one is named twice.</exception>
    public static ConflictStrategy BusinessRules(params IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            throw new ArgumentException("No rule is named. Write ConflictStrategy.BusinessRules(\"TrainingServicePriority\") for instance.", nameof(names));
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"The rule '{twice.Key}' is named twice. Each is asked once.", nameof(names));
        return new ConflictStrategy(StrategyKind.BusinessRuleBased, [.. names]);
    }

    /// <summary>Reads <see cref="ToString"/>.</summary>
    /// <exception cref="FormatException">It is no strategy.</exception>
    public static ConflictStrategy Parse(string text)
    {
        if (text.StartsWith(RulePrefix, StringComparison.Ordinal) && text[RulePrefix.Length..].Split('+') is var rules && rules.All(rule => rule.Length > 0))
            return BusinessRules(rules);
        return text switch
        {
            nameof(LastWriteWins) => LastWriteWins,
            nameof(FirstWriteWins) => FirstWriteWins,
            nameof(VersionBased) => VersionBased,
            nameof(ManualResolution) => ManualResolution,
            _ => throw new FormatException(
                $"'{text}' is no strategy. Write {nameof(LastWriteWins)}, {nameof(FirstWriteWins)}, {nameof(VersionBased)}, {nameof(ManualResolution)} or {RulePrefix}{TrainingServicePriorityRule.RuleName} (several rules with + between them)."),
        };
    }

    /// <summary>Its label; that of rules names them.</summary>
    public override string ToString() => Kind == StrategyKind.BusinessRuleBased ? RulePrefix + string.Join('+', Rules) : Kind.ToString();

    /// <inheritdoc/>
    public bool Equals(ConflictStrategy? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());
}

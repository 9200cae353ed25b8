using System.Text.Json;
using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts.Rules;

/// <summary>What a rule says.</summary>
public sealed record RuleAnswer
{
    private RuleAnswer()
    {
    }

    /// <summary>It has no answer; the next rule is asked.</summary>
    public static RuleAnswer Abstain { get; } = new();

    internal string? ChangeId { get; private init; }

    internal IReadOnlyDictionary<string, JsonElement>? Values { get; private init; }

    /// <summary>This change wins.</summary>
    public static RuleAnswer Pick(ConflictingChange change) => new() { ChangeId = change.ChangeId };

    /// <summary>These values, one for each field in dispute.</summary>
    public static RuleAnswer Merge(IReadOnlyDictionary<string, JsonElement> values) => new() { Values = values };
}

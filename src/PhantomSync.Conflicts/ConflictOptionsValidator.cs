using Microsoft.Extensions.Options;
using PhantomSync.Conflicts.Rules;

namespace PhantomSync.Conflicts;

/// <summary>Refuses, at the start, policies that could not be carried out later.</summary>
internal sealed class ConflictOptionsValidator(IEnumerable<IConflictRule> rules) : IValidateOptions<ConflictOptions>
{
    public ValidateOptionsResult Validate(string? name, ConflictOptions options)
    {
        var faults = new List<string>();
        foreach (var twins in rules.GroupBy(rule => rule.Name, StringComparer.Ordinal).Where(same => same.Count() > 1))
            faults.Add($"Two conflict rules are called '{twins.Key}': {string.Join(", ", twins.Select(rule => rule.GetType().Name))}. Give each its own Name.");
        var known = rules.Select(rule => rule.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (whose, policy) in options.All())
            faults.AddRange(policy.Faults(known).Select(fault => $"Conflict resolution, {whose}: {fault}."));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}

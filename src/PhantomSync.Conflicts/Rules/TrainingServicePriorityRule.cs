namespace PhantomSync.Conflicts.Rules;

/// <summary>What the training service says goes before what others say; of several of its changes the latest counts.</summary>
public sealed class TrainingServicePriorityRule(params string[] sources) : IConflictRule
{
    /// <summary>Its name.</summary>
    public const string RuleName = "TrainingServicePriority";

    private readonly string[] _sources = sources.Length > 0 ? sources : ["training_service"];

    /// <summary>The rule for the source <c>training_service</c>.</summary>
    public TrainingServicePriorityRule()
        : this([])
    {
    }

    /// <inheritdoc/>
    public string Name => RuleName;

    /// <inheritdoc/>
    public RuleAnswer Decide(ConflictCase conflict)
    {
        var training = conflict.Changes.Where(change => _sources.Contains(change.SourceService, StringComparer.Ordinal)).ToArray();
        return training.Length == 0 ? RuleAnswer.Abstain : RuleAnswer.Pick(ConflictCase.LatestOf(training));
    }
}

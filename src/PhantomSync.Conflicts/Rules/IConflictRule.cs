namespace PhantomSync.Conflicts.Rules;

/// <summary>
/// A rule of the business: which of some changes wins, or what is made of them. It must be a function of what it is given and
/// of nothing else, no clock, no database, no chance, so that everybody who asks it gets the same answer.
/// </summary>
public interface IConflictRule
{
    /// <summary>What strategies call it; its label is <c>BusinessRule:</c> and this.</summary>
    string Name { get; }

    /// <summary>Decides, or leaves it to the next rule with <see cref="RuleAnswer.Abstain"/>. One that throws is passed over; what it threw is kept.</summary>
    RuleAnswer Decide(ConflictCase conflict);
}

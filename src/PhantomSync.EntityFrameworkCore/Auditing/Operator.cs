namespace PhantomSync.EntityFrameworkCore.Auditing;

/// <summary>The person, or the program, on whose behalf something is done to the platform by hand.</summary>
public sealed record Operator
{
    /// <summary>Longer names are refused.</summary>
    public const int LongestName = 200;

    /// <param name="name">Who; stands in the audit trail.</param>
    /// <param name="reason">Why; null where nobody says.</param>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public Operator(string name, string? reason = null)
    {
        if (FaultOf(name) is { } fault)
            throw new ArgumentException(fault, nameof(name));
        (Name, Reason) = (name, string.IsNullOrWhiteSpace(reason) ? null : reason);
    }

    public string Name { get; }

    public string? Reason { get; }

    /// <summary>What is wrong with a name, in words; null where nothing is.</summary>
    public static string? FaultOf(string? name) => name switch
    {
        null or "" => "An operator's name is empty; say who does this, it is audited.",
        { Length: > LongestName } => $"An operator's name has {name.Length} characters; at most {LongestName} are allowed.",
        _ when char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]) || name.Any(char.IsControl) =>
            "An operator's name has control characters, or white space around it; write it without.",
        _ => null,
    };
}

using System.CommandLine;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Verbs;

/// <summary>Who wants something done, and why, as the command line says it.</summary>
internal static class OperatorOptions
{
    /// <param name="required">Whether a name must be given; else it is the operating system's user.</param>
    public static Option<string> By(bool required = false)
    {
        var by = new Option<string>("--by") { Description = "Who; is audited.", Required = required, HelpName = "NAME" };
        if (!required)
        {
            by.Description = "Who; is audited. Without it: the operating system's user.";
            by.DefaultValueFactory = _ => Environment.UserName;
        }

        return by;
    }

    public static Option<string?> Reason(bool required = false) => new("--reason") { Description = "Why; is audited.", Required = required, HelpName = "TEXT" };

    /// <exception cref="UserErrorException">The name is none.</exception>
    public static Operator Read(string? by, string? reason = null) =>
        Operator.FaultOf(by) is { } fault ? throw new UserErrorException($"--by: {fault}") : new Operator(by!, reason);
}

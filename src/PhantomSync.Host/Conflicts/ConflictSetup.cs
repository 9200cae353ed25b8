using PhantomSync.Conflicts;
using PhantomSync.Conflicts.Resolving;
using PhantomSync.Conflicts.Rules;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Conflicts;

/// <summary>Conflicts as the host knows them.</summary>
internal static class ConflictSetup
{
    private const string Option = "--conflict-strategy";

    /// <summary>How they are decided.</summary>
    /// <exception cref="UserErrorException">A strategy cannot be read.</exception>
    public static void AddConflicts(this IServiceCollection services, PlatformOptions options)
    {
        var strategies = options.ConflictStrategies.Select(Read).ToArray();
        services.AddConflictResolution(conflicts =>
        {
            foreach (var (type, tenant, strategy) in strategies)
                conflicts.For(type, tenant).Use(strategy);
        });
    }

    private static (string Type, string? Tenant, ConflictStrategy Strategy) Read(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var whose = equals < 0 ? [] : text[..equals].Split('@');
        if (whose.Length is 0 or > 2 || Array.Exists(whose, string.IsNullOrWhiteSpace))
            throw new UserErrorException($"{Option} {text}: expected is a kind of resource, perhaps a tenant, and a strategy. Write ML_MODEL=ManualResolution or ML_MODEL@acme=FirstWriteWins for instance.");
        try
        {
            var strategy = ConflictStrategy.Parse(text[(equals + 1)..]);
            if (strategy.Rules.FirstOrDefault(rule => rule != TrainingServicePriorityRule.RuleName) is { } unknown)
                throw new UserErrorException($"{Option} {text}: there is no rule '{unknown}' in this host; it has {TrainingServicePriorityRule.RuleName}.");
            return (whose[0], whose.Length == 2 ? whose[1] : null, strategy);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new UserErrorException($"{Option} {text}: {exception.Message}", exception);
        }
    }
}

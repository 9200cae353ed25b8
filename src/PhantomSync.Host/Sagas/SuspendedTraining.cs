using PhantomSync.Contracts;
using PhantomSync.Host.Hosting;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Host.Sagas;

/// <summary>Reads what becomes of running training when its tenant is suspended.</summary>
internal static class SuspendedTraining
{
    private const string Option = "--suspended-training";

    /// <exception cref="UserErrorException">One of them cannot be read.</exception>
    public static Action<TrainingSuspensionOptions> Read(IReadOnlyList<string> policies)
    {
        var read = policies.Select(Read).ToArray();
        return options =>
        {
            foreach (var (tier, policy) in read)
            {
                if (tier is null)
                    options.Default = policy;
                else
                    options.Tiers[tier] = policy;
            }
        };
    }

    private static (string? Tier, string Policy) Read(string text)
    {
        var equals = text.LastIndexOf('=');
        var (tier, policy) = (equals < 0 ? null : text[..equals], text[(equals + 1)..].ToLowerInvariant());
        if (tier is { Length: 0 } || !TrainingPolicy.All.Contains(policy))
            throw new UserErrorException($"{Option} {text}: expected is {string.Join(", ", TrainingPolicy.All)}, perhaps for a tier. Write pause or gold=finish for instance.");
        return (tier, policy);
    }
}

namespace PhantomSync.Sagas.Training;

/// <summary>
/// What becomes of the training jobs that run when their tenant is suspended, each one of <see cref="PhantomSync.Contracts.TrainingPolicy"/>.
/// What counts is the tenant's tier when the suspension begins; it holds until that suspension ends.
/// </summary>
public sealed class TrainingSuspensionOptions
{
    /// <summary>For tenants whose tier has no policy of its own. Default <c>cancel</c>.</summary>
    public string Default { get; set; } = PhantomSync.Contracts.TrainingPolicy.Cancel;

    /// <summary>By the tenant's <c>subscription_tier</c>, as its events spell it.</summary>
    public IDictionary<string, string> Tiers { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal string Of(string? tier) => tier is not null && Tiers.TryGetValue(tier, out var policy) ? policy : Default;
}

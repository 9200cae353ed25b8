using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Tenants;

/// <summary>On what terms a tenant's training is suspended.</summary>
/// <param name="Tier">What the tenant has subscribed to; null where that is not known.</param>
/// <param name="Policy">One of <see cref="TrainingPolicy"/>.</param>
internal sealed record TrainingTerms(string? Tier, string Policy)
{
    public static TrainingTerms Usual { get; } = new(null, TrainingPolicy.Cancel);
}

using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Tenants;

/// <summary>What follows from an event for a tenant's cascade.</summary>
/// <param name="Next">The state after it.</param>
/// <param name="Say">What is published.</param>
/// <param name="RemindIn">After how long to look whether everybody has answered; null leaves the reminder as it is.</param>
internal sealed record CascadeDecision(CascadeStatus Next, IReadOnlyList<ISyncEvent> Say, TimeSpan? RemindIn)
{
    public static CascadeDecision Stay(CascadeStatus status) => new(status, [], null);
}

using PhantomSync.Contracts;

namespace PhantomSync.Workloads.Tenants;

/// <summary>What a cascade command means for a service's standing towards a tenant.</summary>
internal static class StandingRules
{
    /// <summary>Follows a command that is ahead; one that is not changes nothing, however late it comes.</summary>
    /// <returns>One of <see cref="CascadeOutcome"/>.</returns>
    public static string Follow(WorkloadStanding standing, CascadePosition to, DateTimeOffset now)
    {
        if (to.Step == standing.Step)
            return CascadeOutcome.Repeated;
        if (to.Step < standing.Step)
            return CascadeOutcome.Superseded;
        (standing.Step, standing.IsSuspended, standing.ChangedAt) = (to.Step, to.IsSuspended, now);
        return CascadeOutcome.Done;
    }
}

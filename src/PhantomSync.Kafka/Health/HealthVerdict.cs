using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PhantomSync.Kafka.Health;

/// <summary>What the trials so far amount to. One trial of the other kind is a doubt, not a turn, so that health does not flap.</summary>
/// <param name="Status">Healthy, degraded or unhealthy.</param>
/// <param name="Since">Since when it is so.</param>
/// <param name="Reason">Why it is not healthy; null where it is.</param>
/// <param name="Run">Trials of the same kind in a row: positive went well, negative failed.</param>
internal sealed record HealthVerdict(HealthStatus Status, DateTimeOffset Since, string? Reason, int Run)
{
    /// <summary>The verdict after another trial.</summary>
    /// <param name="trouble">Why it failed; null if the record came back.</param>
    /// <param name="slowness">What was slow about it; null if nothing.</param>
    /// <param name="persistence">Trials in a row that turn the verdict.</param>
    /// <param name="now">The time.</param>
    public HealthVerdict After(string? trouble, string? slowness, int persistence, DateTimeOffset now)
    {
        var run = trouble is null ? Math.Max(Run, 0) + 1 : Math.Min(Run, 0) - 1;
        var status = trouble is null
            ? Status == HealthStatus.Unhealthy && run < persistence ? HealthStatus.Unhealthy : slowness is null ? HealthStatus.Healthy : HealthStatus.Degraded
            : run <= -persistence || Status == HealthStatus.Unhealthy ? HealthStatus.Unhealthy : HealthStatus.Degraded;
        var reason = status == HealthStatus.Healthy ? null : trouble ?? slowness ?? Reason;
        return new HealthVerdict(status, status == Status ? Since : now, reason, run);
    }
}

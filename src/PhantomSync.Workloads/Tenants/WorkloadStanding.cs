namespace PhantomSync.Workloads.Tenants;

/// <summary>
/// Whether one of the services works for a tenant. Jobs, switches and agents are not changed themselves: what each is in effect
/// follows from its own state and from this row, so that a suspension's end restores exactly what was there, changes meanwhile included.
/// </summary>
public sealed class WorkloadStanding
{
    /// <summary>One of <see cref="PhantomSync.Contracts.CascadeService"/>.</summary>
    public required string Service { get; init; }

    public required string TenantId { get; init; }

    /// <summary>How far the tenant's suspensions have come: odd while suspended. See <see cref="PhantomSync.Contracts.CascadePosition"/>.</summary>
    public long Step { get; set; }

    public bool IsSuspended { get; set; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset ChangedAt { get; set; }
}

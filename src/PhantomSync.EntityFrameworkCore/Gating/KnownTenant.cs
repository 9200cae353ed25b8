namespace PhantomSync.EntityFrameworkCore;

/// <summary>A tenant that a service has heard of, by the tenant's own events.</summary>
public sealed class KnownTenant
{
    public required string TenantId { get; init; }

    /// <summary>What it subscribed to; null where no event has said so.</summary>
    public string? Tier { get; set; }

    /// <summary>When it was deleted, by the clock of who did it; null while it exists.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

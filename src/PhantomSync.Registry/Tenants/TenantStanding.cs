namespace PhantomSync.Registry.Tenants;

/// <summary>
/// Whether a tenant's models may serve. They are not changed themselves: what each is in effect follows from its own status and
/// from this one row, so that a suspension costs the same for one model and for a million, misses none that is being created at
/// the same time, and its end restores each model to what it was.
/// </summary>
public sealed class TenantStanding
{
    public required string TenantId { get; init; }

    public bool IsSuspended { get; set; }

    /// <summary>How far the tenant's own events have come; see <see cref="PhantomSync.Contracts.CascadePosition"/>.</summary>
    public long LogStep { get; set; }

    /// <summary>How far the commands of its cascade have come. Whichever is ahead counts.</summary>
    public long CommandStep { get; set; }

    /// <summary>When the last suspension began, by the clock of who imposed it.</summary>
    public DateTimeOffset? SuspendedAt { get; set; }

    public string? SuspendedBy { get; set; }

    public string? SuspensionReason { get; set; }

    public DateTimeOffset? ResumedAt { get; set; }

    public string? ResumedBy { get; set; }
}

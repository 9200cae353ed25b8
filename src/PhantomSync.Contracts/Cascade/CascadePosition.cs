using System.Text.Json;

namespace PhantomSync.Contracts;

/// <summary>
/// How far a tenant's suspensions have come: 0 before the first, then 1 suspended, 2 active again, 3 suspended again, and so on. Who
/// hears of them on two ways (the tenant's own events, and commands) follows the one that is ahead, and so ends where both end.
/// </summary>
/// <param name="Step">Grows with each suspension and with each end of one.</param>
public readonly record struct CascadePosition(long Step)
{
    /// <summary>Whether the tenant is suspended here.</summary>
    public bool IsSuspended => Step % 2 == 1;

    /// <summary>The number of the last suspension; 0 before the first.</summary>
    public uint Suspension => (uint)((Step + 1) / 2);

    /// <summary>Where a command of that suspension leads.</summary>
    public static CascadePosition Of(uint suspension, string action) =>
        new((2L * suspension) - (action == CascadeAction.Suspend ? 1 : 0));

    /// <summary>After a tenant's own event: the first of several suspensions counts until the tenant is active again.</summary>
    public CascadePosition After(bool suspended) => suspended == IsSuspended ? this : new(Step + 1);

    /// <summary>Whether an update ends a suspension: the platform has no event of its own for that.</summary>
    public static bool Resumes(TenantUpdated updated) =>
        updated.Changes.TryGetValue("status", out var status) && status.ValueKind == JsonValueKind.String && status.ValueEquals("active");
}

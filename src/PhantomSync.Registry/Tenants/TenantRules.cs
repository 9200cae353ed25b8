using PhantomSync.Contracts;

namespace PhantomSync.Registry.Tenants;

/// <summary>What an event means for a tenant's standing.</summary>
internal static class TenantRules
{
    /// <summary>The first of several suspensions counts until the tenant is resumed.</summary>
    public static void Suspend(TenantStanding tenant, TenantSuspended suspended)
    {
        tenant.LogStep = new CascadePosition(tenant.LogStep).After(suspended: true).Step;
        if (tenant.IsSuspended == IsSuspended(tenant))
            return;
        tenant.IsSuspended = true;
        tenant.SuspendedAt = suspended.SyncMetadata.OccurredAt.ToDateTimeOffset();
        tenant.SuspendedBy = suspended.SuspendedBy;
        tenant.SuspensionReason = suspended.SuspensionReason;
    }

    public static void Resume(TenantStanding tenant, TenantUpdated updated)
    {
        tenant.LogStep = new CascadePosition(tenant.LogStep).After(suspended: false).Step;
        if (tenant.IsSuspended == IsSuspended(tenant))
            return;
        tenant.IsSuspended = false;
        tenant.ResumedAt = updated.SyncMetadata.OccurredAt.ToDateTimeOffset();
        tenant.ResumedBy = updated.UpdatedBy;
    }

    /// <summary>Follows a command of the tenant's cascade, unless the tenant's own events have led here or further already.</summary>
    /// <returns>One of <see cref="CascadeOutcome"/>.</returns>
    public static string Follow(TenantStanding tenant, ITenantCommand command, CascadePosition to, string reason)
    {
        var (before, ahead) = (tenant.IsSuspended, Math.Max(tenant.LogStep, tenant.CommandStep));
        tenant.CommandStep = Math.Max(tenant.CommandStep, to.Step);
        tenant.IsSuspended = IsSuspended(tenant);
        if (to.Step < ahead)
            return CascadeOutcome.Superseded;
        if (tenant.IsSuspended == before)
            return CascadeOutcome.Repeated;
        var at = command.SyncMetadata.OccurredAt.ToDateTimeOffset();
        if (tenant.IsSuspended)
            (tenant.SuspendedAt, tenant.SuspendedBy, tenant.SuspensionReason) = (at, command.SyncMetadata.SourceService, reason);
        else
            (tenant.ResumedAt, tenant.ResumedBy) = (at, command.SyncMetadata.SourceService);
        return CascadeOutcome.Done;
    }

    private static bool IsSuspended(TenantStanding tenant) => new CascadePosition(Math.Max(tenant.LogStep, tenant.CommandStep)).IsSuspended;
}

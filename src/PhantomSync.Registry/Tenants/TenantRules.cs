using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Registry.Tenants;

/// <summary>What an event means for a tenant's standing.</summary>
internal static class TenantRules
{
    /// <summary>The first of several suspensions counts until the tenant is resumed.</summary>
    public static void Suspend(TenantStanding tenant, TenantSuspended suspended)
    {
        if (tenant.IsSuspended)
            return;
        tenant.IsSuspended = true;
        tenant.SuspendedAt = suspended.SyncMetadata.OccurredAt.ToDateTimeOffset();
        tenant.SuspendedBy = suspended.SuspendedBy;
        tenant.SuspensionReason = suspended.SuspensionReason;
    }

    /// <summary>Whether an update ends a suspension; there is no event of its own for that.</summary>
    public static bool Resumes(TenantUpdated updated) =>
        updated.Changes.TryGetValue("status", out var status) && status.ValueKind == JsonValueKind.String && status.ValueEquals("active");

    public static void Resume(TenantStanding tenant, TenantUpdated updated)
    {
        if (!tenant.IsSuspended)
            return;
        tenant.IsSuspended = false;
        tenant.ResumedAt = updated.SyncMetadata.OccurredAt.ToDateTimeOffset();
        tenant.ResumedBy = updated.UpdatedBy;
    }
}

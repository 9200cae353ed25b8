using PhantomSync.Contracts;

namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>What the gate reports for the audit trail.</summary>
internal static class GateAudit
{
    public static AuditLogCreated Quarantined(string group, string tenantId, string eventType, Guid eventId, DateTimeOffset now) =>
        Entry($"quarantine-{group}-{eventId}", group, tenantId, "QUARANTINE_EVENT", eventType, eventId, "quarantined", now);

    /// <param name="attempts">How often the letter has failed: one that is held again is another entry.</param>
    public static AuditLogCreated HeldAgain(string group, string tenantId, string eventType, Guid eventId, int attempts, DateTimeOffset now) =>
        Entry($"quarantine-{group}-{eventId}-{attempts}", group, tenantId, "QUARANTINE_EVENT", eventType, eventId, "quarantined", now);

    public static AuditLogCreated Discarded(string group, string tenantId, string eventType, Guid eventId, DateTimeOffset now) =>
        Entry($"discard-{group}-{eventId}", group, tenantId, "DISCARD_EVENT", eventType, eventId, "discarded", now);

    public static AuditLogCreated Refused(string service, string tenantId, string eventType, Guid eventId, DateTimeOffset now) =>
        Entry($"refusal-{Guid.CreateVersion7(now)}", service, tenantId, "REFUSE_EVENT", eventType, eventId, "refused", now);

    private static AuditLogCreated Entry(string id, string service, string tenantId, string action, string eventType, Guid eventId, string result, DateTimeOffset now) => new()
    {
        LogId = id,
        TenantId = tenantId,
        UserId = $"system:{service}",
        Action = action,
        ResourceType = eventType,
        ResourceId = eventId == Guid.Empty ? "unpublished" : eventId.ToString(),
        Result = result,
        Timestamp = Timestamp.From(now),
        SyncMetadata = SyncMetadata.Unset with { IdempotencyKey = id },
    };
}

namespace PhantomSync.EntityFrameworkCore;

/// <summary>An event was refused because its tenant is suspended. Nothing was added to the outbox.</summary>
public sealed class TenantSuspendedException(string tenantId, string eventType)
    : TenantRefusedException(tenantId, eventType, $"{eventType} is refused: tenant '{tenantId}' is suspended. Publish it again when the tenant is active.");

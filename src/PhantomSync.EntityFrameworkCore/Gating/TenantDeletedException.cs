namespace PhantomSync.EntityFrameworkCore;

/// <summary>An event was refused because its tenant is deleted. Nothing was added to the outbox.</summary>
public sealed class TenantDeletedException(string tenantId, string eventType)
    : TenantRefusedException(tenantId, eventType, $"{eventType} is refused: tenant '{tenantId}' is deleted. Nothing is done for it any more.");

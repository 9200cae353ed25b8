namespace PhantomSync.EntityFrameworkCore;

/// <summary>An event was refused because its tenant is suspended. Nothing was added to the outbox.</summary>
public sealed class TenantSuspendedException : Exception
{
    public TenantSuspendedException(string tenantId, string eventType)
        : base($"{eventType} is refused: tenant '{tenantId}' is suspended. Publish it again when the tenant is active.") => (TenantId, EventType) = (tenantId, eventType);

    public string TenantId { get; }

    /// <summary>The event's name on the wire.</summary>
    public string EventType { get; }
}

namespace PhantomSync.EntityFrameworkCore;

/// <summary>An event was refused because of how its tenant stands. Nothing was added to the outbox.</summary>
public abstract class TenantRefusedException : Exception
{
    private protected TenantRefusedException(string tenantId, string eventType, string message)
        : base(message) => (TenantId, EventType) = (tenantId, eventType);

    public string TenantId { get; }

    /// <summary>The event's name on the wire.</summary>
    public string EventType { get; }
}

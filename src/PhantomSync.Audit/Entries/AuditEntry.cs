using PhantomSync.Contracts;

namespace PhantomSync.Audit.Entries;

/// <summary>Who did what to which thing, when, and how it ended.</summary>
public sealed record AuditEntry
{
    /// <summary>What stands in place of the actor once an entry's payload has been erased.</summary>
    public const string ErasedUser = "(erased)";

    /// <summary>Unique within the tenant: the event's id, or for what another service reports an id made of its log id.</summary>
    public required Guid Id { get; init; }

    public required string TenantId { get; init; }

    public required Guid EventId { get; init; }

    /// <summary>The event's name on the wire.</summary>
    public required string EventType { get; init; }

    /// <summary>When it was done, to the microsecond.</summary>
    public required Timestamp Timestamp { get; init; }

    /// <summary>The user, or <c>system:</c> and the service that reported it.</summary>
    public required string UserId { get; init; }

    public required string Action { get; init; }

    public required string ResourceType { get; init; }

    public required string ResourceId { get; init; }

    public required string Result { get; init; }

    /// <summary>A JSON object; null once it has been erased.</summary>
    public required string? Details { get; init; }

    public required string SourceService { get; init; }

    public Guid? CorrelationId { get; init; }

    public Guid? CausationId { get; init; }

    /// <summary>Under which the services' inboxes remember its event; null where that follows from source and event id. An index does not keep it.</summary>
    public Guid? InboxKey { get; init; }

    /// <summary>The entry without what may be personal.</summary>
    public AuditEntry WithoutPayload() => this with { UserId = ErasedUser, Details = null };
}

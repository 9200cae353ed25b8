using PhantomSync.Audit.Entries;
using PhantomSync.Contracts;

namespace PhantomSync.Audit.Recording;

/// <summary>An entry as <c>audit_logs</c> keeps it.</summary>
public sealed class AuditLogRow
{
    internal const string Transaction = "Xid";

    /// <summary>The order of writing; gaps mean nothing, the order of the chain is <see cref="Sealing.AuditSeal.Sequence"/>.</summary>
    public long Position { get; init; }

    public required Guid Id { get; init; }

    public required string TenantId { get; init; }

    public required Guid EventId { get; init; }

    public required string EventType { get; init; }

    public required Timestamp Timestamp { get; init; }

    public required string UserId { get; init; }

    public required string Action { get; init; }

    public required string ResourceType { get; init; }

    public required string ResourceId { get; init; }

    public required string Result { get; init; }

    public required string? Details { get; init; }

    public required string SourceService { get; init; }

    public Guid? CorrelationId { get; init; }

    public Guid? CausationId { get; init; }

    /// <summary>See <see cref="AuditEntry.InboxKey"/>.</summary>
    public Guid? InboxKey { get; init; }

    public required Timestamp RecordedAt { get; init; }

    /// <summary>Sixteen random bytes, without which <see cref="PayloadHash"/> says nothing about the payload; gone once that is erased.</summary>
    public required byte[]? Salt { get; init; }

    /// <summary>Of salt, actor and details; stays when they are erased, so that the chain still verifies.</summary>
    public required byte[] PayloadHash { get; init; }

    public bool IsErased => Salt is null;

    public AuditEntry ToEntry() => new()
    {
        Id = Id,
        TenantId = TenantId,
        EventId = EventId,
        EventType = EventType,
        Timestamp = Timestamp,
        UserId = UserId,
        Action = Action,
        ResourceType = ResourceType,
        ResourceId = ResourceId,
        Result = Result,
        Details = Details,
        SourceService = SourceService,
        CorrelationId = CorrelationId,
        CausationId = CausationId,
        InboxKey = InboxKey,
    };
}

using PhantomSync.Audit.Recording;

namespace PhantomSync.Audit.Sealing;

/// <summary>What is hashed, and how. The forms are for ever: a change would break every chain.</summary>
internal static class AuditHash
{
    private const byte ContentKind = 0, LinkKind = 1, PayloadKind = 2, StartKind = 3;

    /// <summary>What may be personal, under a salt: once that is gone the hash tells nothing, not even to who guesses.</summary>
    public static byte[] Payload(byte[] salt, string userId, string? details) =>
        HashInput.Begin(PayloadKind).Add(salt).Add(userId).Add(details).Hash();

    /// <summary>Everything of an entry but its payload, for which its hash stands.</summary>
    public static byte[] Content(AuditLogRow row)
    {
        var content = HashInput.Begin(ContentKind)
            .Add(row.Id).Add(row.TenantId).Add(row.EventId).Add(row.EventType).Add(row.Timestamp.UnixMicroseconds)
            .Add(row.Action).Add(row.ResourceType).Add(row.ResourceId).Add(row.Result)
            .Add(row.SourceService).Add(row.CorrelationId).Add(row.CausationId).Add(row.RecordedAt.UnixMicroseconds)
            .Add(row.PayloadHash);

        // Came later; entries without one hash as they always did.
        return (row.InboxKey is { } key ? content.Add(key) : content).Hash();
    }

    public static byte[] Link(long sequence, byte[] previous, byte[] content) =>
        HashInput.Begin(LinkKind).Add(sequence).Add(previous).Add(content).Hash();

    /// <summary>What stands before a tenant's first entry; it ties the chain to the tenant.</summary>
    public static byte[] Start(string tenantId) => HashInput.Begin(StartKind).Add(tenantId).Hash();
}

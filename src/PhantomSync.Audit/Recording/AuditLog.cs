using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Sealing;
using PhantomSync.EntityFrameworkCore.Auditing;

namespace PhantomSync.Audit.Recording;

/// <summary>Adds entries to the record of truth, and erases payloads from it.</summary>
public sealed class AuditLog(AuditDbContext context, TimeProvider time)
{
    /// <summary>Adds the entries that are not there yet, in the context's transaction if it has one.</summary>
    /// <exception cref="AuditIdReusedException">An id stands there with other content.</exception>
    public async Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
            return;
        var now = Contracts.Timestamp.From(time.GetUtcNow()).ToMicroseconds();
        var salts = RandomNumberGenerator.GetBytes(entries.Count * 16);
        var rows = new AuditLogRow[entries.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = Row(entries[i], salts[(i * 16)..((i * 16) + 16)], now);
        if (await context.Store().InsertAsync(rows, cancellationToken) < rows.Length)
            await CompareAsync(entries, cancellationToken);
    }

    /// <summary>
    /// Removes actor and details of an entry for good, and records that and who did it. What is left still verifies.
    /// Copies in the search index are replaced by who calls this.
    /// </summary>
    /// <param name="tenantId">Whose entry.</param>
    /// <param name="id">The entry.</param>
    /// <param name="by">Who erases it, and why.</param>
    /// <param name="cancellationToken">Ends it with nothing done.</param>
    /// <returns>The entry as it is now; null where there is none.</returns>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public async Task<AuditErasure?> EraseAsync(string tenantId, Guid id, Operator by, CancellationToken cancellationToken)
    {
        if (by.Reason is null)
            throw new ArgumentException("A payload is erased for a reason; the operator has none. Give one.", nameof(by));
        await using var transaction = context.Database.CurrentTransaction is null ? await context.Database.BeginTransactionAsync(cancellationToken) : null;
        var row = await context.Logs.AsNoTracking().SingleOrDefaultAsync(r => r.TenantId == tenantId && r.Id == id, cancellationToken);
        if (row is null)
            return null;
        var erased = row.ToEntry().WithoutPayload();
        var record = row.IsErased ? null : Erasure(erased, by);
        if (record is not null)
        {
            await context.Logs.Where(r => r.Position == row.Position).ExecuteUpdateAsync(
                update => update.SetProperty(r => r.UserId, AuditEntry.ErasedUser).SetProperty(r => r.Details, (string?)null).SetProperty(r => r.Salt, (byte[]?)null),
                cancellationToken);
            await AppendAsync([record], cancellationToken);
        }

        if (transaction is not null)
            await transaction.CommitAsync(cancellationToken);
        return new AuditErasure(erased, record);
    }

    /// <summary>How far the sealer is behind.</summary>
    public Task<SealingLag> SealingLagAsync(CancellationToken cancellationToken) => context.Store().LagAsync(time.GetUtcNow(), cancellationToken);

    private AuditEntry Erasure(AuditEntry erased, Operator by)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return new AuditEntry
        {
            Id = id,
            TenantId = erased.TenantId,
            EventId = id,
            EventType = "AuditPayloadErased",
            Timestamp = Contracts.Timestamp.From(now).ToMicroseconds(),
            UserId = by.Name,
            Action = "ERASE_AUDIT_PAYLOAD",
            ResourceType = "AUDIT_ENTRY",
            ResourceId = erased.Id.ToString(),
            Result = AuditResult.Success,
            Details = AuditDetails.Of(by.Reason!, static (details, reason) => details.Add("reason", reason)),
            SourceService = AuditModule.StoreGroup,
        };
    }

    private static AuditLogRow Row(AuditEntry entry, byte[] salt, Contracts.Timestamp now) => new()
    {
        Id = entry.Id,
        TenantId = entry.TenantId,
        EventId = entry.EventId,
        EventType = entry.EventType,
        Timestamp = entry.Timestamp.ToMicroseconds(),
        UserId = entry.UserId,
        Action = entry.Action,
        ResourceType = entry.ResourceType,
        ResourceId = entry.ResourceId,
        Result = entry.Result,
        Details = entry.Details,
        SourceService = entry.SourceService,
        CorrelationId = entry.CorrelationId,
        CausationId = entry.CausationId,
        InboxKey = entry.InboxKey,
        RecordedAt = now,
        Salt = salt,
        PayloadHash = AuditHash.Payload(salt, entry.UserId, entry.Details),
    };

    /// <summary>What was there before must say the same: an id that comes back with other content would hide an entry.</summary>
    private async Task CompareAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var tenant in entries.GroupBy(entry => entry.TenantId, StringComparer.Ordinal))
        {
            var ids = tenant.Select(entry => entry.Id).Distinct().ToArray();
            var kept = await context.Logs.AsNoTracking().Where(row => row.TenantId == tenant.Key && ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
            foreach (var entry in tenant)
            {
                var there = kept[entry.Id];
                var wanted = (there.IsErased ? entry.WithoutPayload() : entry) with { EventId = there.EventId, InboxKey = there.InboxKey };
                if (there.ToEntry() != wanted)
                    throw new AuditIdReusedException($"Tenant '{entry.TenantId}' has another audit entry with the id {entry.Id} ({there.EventType} of {there.Timestamp}). An event id is used once.");
            }
        }
    }
}

using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Auditing;

/// <summary>
/// Reports what operators do, for the audit trail: an <see cref="AuditLogCreated"/> in the outbox of the database that they do it
/// to, so that deed and entry are committed together or not at all. Whoever offers a deed, on the command line or over HTTP, asks
/// for an <see cref="Operator"/> and hands it over.
/// </summary>
public sealed class OperatorAudit
{
    private const string Reason = "reason";

    private readonly OutboxDirectory _directory;
    private readonly IWireFormat _format;
    private readonly TimeProvider _time;

    internal OperatorAudit(OutboxDirectory directory, IWireFormat format, TimeProvider time) => (_directory, _format, _time) = (directory, format, time);

    /// <summary>
    /// Adds the entry to the context, which must have an outbox. It is there when the context is saved and committed, and reaches
    /// the trail when a host relays that outbox.
    /// </summary>
    /// <returns>False where this process has no trail to report to: its catalogue is without the event.</returns>
    /// <exception cref="InvalidOperationException">The context has no outbox.</exception>
    /// <exception cref="ArgumentException">An id of the deed is none.</exception>
    public bool Record(DbContext context, Operator by, OperatorDeed deed)
    {
        if (!_format.TryGet(typeof(AuditLogCreated), out _))
            return false;
        var now = _time.GetUtcNow();
        var id = $"operator-{Guid.CreateVersion7(now)}";
        var entry = new AuditLogCreated
        {
            LogId = id,
            TenantId = deed.TenantId,
            UserId = by.Name,
            Action = deed.Action,
            ResourceType = deed.ResourceType,
            ResourceId = deed.ResourceId,
            Result = deed.Result,
            Timestamp = Timestamp.From(now),
            Details = DetailsOf(by, deed),
            SyncMetadata = SyncMetadata.Unset with { IdempotencyKey = id },
        };
        OutboxRows.Add(context, entry, null, _directory.Of(context.GetType()), _format, _time);
        return true;
    }

    private static Dictionary<string, JsonElement> DetailsOf(Operator by, OperatorDeed deed) => deed.Details
        .Append((Reason, by.Reason))
        .Where(detail => detail.Item2 is not null)
        .ToDictionary(detail => detail.Item1, detail => JsonSerializer.SerializeToElement(Sendable(detail.Item2!)), StringComparer.Ordinal);

    /// <summary>The wire form knows no NUL and no half surrogate pairs; a deed must not fail for how its reason was typed.</summary>
    private static string Sendable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}

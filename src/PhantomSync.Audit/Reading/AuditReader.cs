using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Search;
using PhantomSync.Audit.Sealing;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Journeys;

namespace PhantomSync.Audit.Reading;

/// <summary>
/// The way in for who reads the trail. Each call is recorded, once, through the outbox of the trail's own database: who, whose
/// trail, what was looked for and how much was found, never the entries. What cannot be recorded is not shown.
/// </summary>
public sealed class AuditReader
{
    private const string Read = "READ_AUDIT_LOG", Verified = "VERIFY_AUDIT_LOG", Log = "AUDIT_LOG";

    /// <summary>Whose chains were verified, where it was everybody's.</summary>
    private const string All = "all";

    private readonly AuditDbContext _context;
    private readonly Func<AuditVerifier> _verifier;
    private readonly IAuditSearch? _search;
    private readonly Func<IEnumerable<IEventJourney>> _journeys;
    private readonly OperatorAudit _audit;

    internal AuditReader(AuditDbContext context, Func<AuditVerifier> verifier, IAuditSearch? search, Func<IEnumerable<IEventJourney>> journeys, OperatorAudit audit) =>
        (_context, _verifier, _search, _journeys, _audit) = (context, verifier, search, journeys, audit);

    /// <summary>A page of what matches, the newest first.</summary>
    /// <exception cref="ArgumentException">The query names no tenant, or its text, page size or cursor is not valid.</exception>
    /// <exception cref="HttpRequestException">The search engine is away.</exception>
    /// <exception cref="InvalidOperationException">There is no search index.</exception>
    /// <exception cref="UnrecordedReadException">It cannot be recorded.</exception>
    public async Task<AuditPage> SearchAsync(AuditQuery query, Operator by, CancellationToken cancellationToken)
    {
        var search = _search ?? throw new InvalidOperationException("This process has no search index. Call AddAuditIndexStore().");
        var page = await search.SearchAsync(query, cancellationToken);
        await RecordAsync(
            by,
            new OperatorDeed(Read, query.TenantId, Log, query.TenantId) { Details = [.. FiltersOf(query), ("results", Text(page.Entries.Count))] },
            cancellationToken);
        return page;
    }

    /// <summary>An entry of the record of truth, and what became of its event at each service.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="id">The entry's id, or its event's.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>Null where the tenant has none; whether another has is not said.</returns>
    /// <exception cref="UnrecordedReadException">It cannot be recorded.</exception>
    public async Task<AuditedEvent?> ShowAsync(string tenantId, Guid id, Operator by, CancellationToken cancellationToken)
    {
        var rows = _context.Logs.AsNoTracking().Where(row => row.TenantId == tenantId);
        var row = await rows.SingleOrDefaultAsync(row => row.Id == id, cancellationToken)
            ?? await rows.Where(row => row.EventId == id && row.Id != row.EventId).OrderBy(row => row.Position).FirstOrDefaultAsync(cancellationToken);
        await RecordAsync(
            by,
            new OperatorDeed(Read, tenantId, Log, tenantId) { Details = [("id", id.ToString()), ("results", row is null ? "0" : "1")] },
            cancellationToken);
        return row is null ? null : new AuditedEvent(row.ToEntry(), await OutcomesAsync(row.ToEntry(), cancellationToken));
    }

    /// <summary>Recomputes the chains, a verdict for each tenant. It is recorded before the first is given.</summary>
    /// <param name="tenantId">Null for all of them.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UnrecordedReadException">It cannot be recorded.</exception>
    public async IAsyncEnumerable<AuditVerdict> VerifyAsync(string? tenantId, Operator by, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await RecordAsync(by, new OperatorDeed(Verified, tenantId ?? OperatorDeed.Platform, Log, tenantId ?? All), cancellationToken);
        await foreach (var verdict in _verifier().VerifyAsync(tenantId, cancellationToken))
            yield return verdict;
    }

    private async Task<IReadOnlyList<EventOutcome>> OutcomesAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var key = entry.InboxKey ?? InboxKey.Of(entry.TenantId, $"{entry.SourceService}:{entry.EventId}");
        var sought = new SoughtEvent(entry.TenantId, entry.EventId, entry.EventType, key);
        var outcomes = new List<EventOutcome>();
        foreach (var journey in _journeys().OrderBy(journey => journey.Service, StringComparer.Ordinal))
            outcomes.Add(await journey.OfAsync(sought, cancellationToken));
        return outcomes;
    }

    private static IEnumerable<(string Name, string? Value)> FiltersOf(AuditQuery query) =>
    [
        ("text", query.Text), ("user_id", query.UserId), ("action", query.Action), ("resource_type", query.ResourceType), ("resource_id", query.ResourceId),
        ("result", query.Result), ("correlation_id", query.CorrelationId?.ToString()), ("from", query.From?.ToString()), ("to", query.To?.ToString()), ("after", query.After),
    ];

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private async Task RecordAsync(Operator by, OperatorDeed deed, CancellationToken cancellationToken)
    {
        try
        {
            if (!_audit.Record(_context, by, deed))
                throw new UnrecordedReadException("Nothing of the audit trail is shown, because that it is read cannot be recorded: AuditLogCreated is not in this process's catalogue.");
            await _context.SaveChangesAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException || exception.InnerException is DbException)
        {
            throw new UnrecordedReadException(
                $"Nothing of the audit trail is shown, because that it is read cannot be recorded: {exception.GetBaseException().Message.ReplaceLineEndings(" ")}. Read it where its database can be written to.",
                exception);
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Gating;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Journeys;

/// <summary>Of a service with an inbox and dead letters.</summary>
internal sealed class InboxJourney<TDbContext>(string service, EndpointDirectory endpoints, InboxParts<TDbContext> parts, IServiceScopeFactory scopes) : IEventJourney
    where TDbContext : DbContext
{
    public string Service => service;

    public async Task<EventOutcome> OfAsync(SoughtEvent sought, CancellationToken cancellationToken)
    {
        if (!endpoints.Takes(service, sought.EventType))
            return new EventOutcome(service, EventStage.NotTaken);
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<TDbContext>();

        // The last of the tables to be made.
        if (!await InboxTables.ExistsAsync(context, parts.Tables.Generation, cancellationToken))
            return new EventOutcome(service, EventStage.NotSeen);
        var sighting = await parts.Store.SightingAsync(context, service, sought.InboxKey, cancellationToken);
        return Judge(sighting, await LetterAsync(context, sought, cancellationToken));
    }

    /// <summary>The letter that says most: one that waits before one that is closed, then the latest.</summary>
    private async Task<DeadLetterSummary?> LetterAsync(TDbContext context, SoughtEvent sought, CancellationToken cancellationToken)
    {
        await using var command = await context.CommandAsync(
            $"""
            SELECT {DeadLetterSql.SummaryColumns} FROM {parts.Tables.DeadLetter}
            WHERE source = @source AND tenant_id = @tenant AND event_id = @event
            ORDER BY CASE WHEN state IN (1, 2) THEN 1 ELSE 0 END, id DESC LIMIT 1
            """,
            cancellationToken,
            ("source", service), ("tenant", sought.TenantId), ("event", sought.EventId.ToString()));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? DeadLetterSql.Summary(reader) : null;
    }

    /// <summary>
    /// What waits among the letters stands in the inbox too. A letter that blocks nothing does not: where the key is remembered
    /// all the same, that is another record's, which came first and was handled.
    /// </summary>
    private EventOutcome Judge(InboxSighting? sighting, DeadLetterSummary? letter) => letter switch
    {
        null => new EventOutcome(service, sighting is null ? EventStage.NotSeen : EventStage.Handled) { At = sighting?.At },
        { State: DeadLetterState.Replayed } => new EventOutcome(service, EventStage.Handled) { At = sighting?.At, LetterId = letter.Id },
        { Blocks: false } when sighting is not null => new EventOutcome(service, EventStage.Handled) { At = sighting?.At, LetterId = letter.Id, Reason = letter.Reason },
        { State: DeadLetterState.Discarded } => Of(EventStage.Discarded, letter),
        { Parked: true } or { Reason: Quarantine.SuspendedReason or Quarantine.UnknownReason } => Of(EventStage.Parked, letter),
        _ => Of(EventStage.DeadLettered, letter),
    };

    private EventOutcome Of(EventStage stage, DeadLetterSummary letter) =>
        new(service, stage) { At = letter.LastFailedAt, LetterId = letter.Id, Reason = letter.Reason };
}

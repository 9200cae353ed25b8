using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.DeadLetters;

/// <summary>The requests for one consumer group's letters, as the service that carries them out sees them.</summary>
internal sealed class DeadLetterRequests(InboxTables tables, string group, TimeProvider time)
{
    private readonly long _turn = StableHash.Of(tables.DeadLetter, group);

    /// <summary>The oldest request after <paramref name="after"/>; null where there is none.</summary>
    public async Task<Guid?> NextAsync(DbContext context, Guid after, CancellationToken cancellationToken)
    {
        await using var command = await context.CommandAsync(
            $"SELECT id FROM {tables.DeadLetter} WHERE source = @group AND {DeadLetterTable.Requested} AND id > @after ORDER BY id LIMIT 1",
            cancellationToken,
            ("group", group), ("after", after));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetGuid(0) : null;
    }

    /// <summary>
    /// One host at a time carries out a group's requests, for the length of the transaction. Then the letter is locked: whoever
    /// wants to park an event behind it has either committed that or waits until this transaction has ended, and looks again.
    /// </summary>
    /// <returns>Null where it is another host's turn, or the request has been carried out meanwhile.</returns>
    public async Task<DeadLetterContent?> TakeAsync(DbContext context, Guid id, CancellationToken cancellationToken)
    {
        if (context.Database.IsNpgsql())
        {
            await using var turn = await context.CommandAsync("SELECT pg_try_advisory_xact_lock(@turn)", cancellationToken, ("turn", _turn));
            if (await turn.ExecuteScalarAsync(cancellationToken) is false)
                return null;
        }

        await using var command = await context.CommandAsync(
            $"SELECT {DeadLetterSql.ContentColumns} FROM {tables.DeadLetter} WHERE id = @id AND {DeadLetterTable.Requested}{(context.Database.IsNpgsql() ? " FOR UPDATE" : "")}",
            cancellationToken,
            ("id", id));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? DeadLetterSql.Content(reader) : null;
    }

    /// <summary>Carries the request out, and passes a blocking letter's on to the one that is parked next behind it.</summary>
    /// <param name="state">Replayed or discarded.</param>
    public async Task CloseAsync(DbContext context, DeadLetterContent letter, DeadLetterState state, CancellationToken cancellationToken)
    {
        var id = letter.Summary.Id;
        if (state == DeadLetterState.Discarded)
            await context.ExecuteAsync($"UPDATE {tables.DeadLetter} SET state = 2 WHERE id = @id", cancellationToken, ("id", id));
        else if (letter.Summary.Parked)
            await context.ExecuteAsync($"DELETE FROM {tables.DeadLetter} WHERE id = @id", cancellationToken, ("id", id));
        else
            await context.ExecuteAsync($"UPDATE {tables.DeadLetter} SET state = 1, attempts = attempts + 1 WHERE id = @id", cancellationToken, ("id", id));

        if (!letter.Summary.Blocks || letter.KeyHash == 0)
            return;
        await context.ExecuteAsync(
            $"""
            UPDATE {tables.DeadLetter} SET state = 3
            WHERE parked AND state = 0 AND id = (
                SELECT id FROM {tables.DeadLetter} WHERE source = @group AND key_hash = @key_hash AND {DeadLetterTable.Holding} ORDER BY id LIMIT 1)
            """,
            cancellationToken,
            ("group", group), ("key_hash", letter.KeyHash));
    }

    /// <summary>
    /// It may not be handled yet: it waits, now at the head of its key, and nothing behind it moves. Who a letter was that could not
    /// be read before is known now, and stands in the inbox.
    /// </summary>
    public Task HoldAsync(DbContext context, Guid id, ReceivedMessage message, string reason, CancellationToken cancellationToken) => context.ExecuteAsync(
        $"""
        UPDATE {tables.DeadLetter}
        SET state = 0, parked = false, blocks = true, reason = @reason, event_type = @type, event_id = @event, tenant_id = @tenant, idempotency_key = @key
        WHERE id = @id
        """,
        cancellationToken,
        ("id", id), ("reason", reason), ("type", message.Content.Type.Name), ("event", message.Envelope.MessageId.ToString()),
        ("tenant", message.Envelope.TenantId), ("key", message.Envelope.IdempotencyKey));

    /// <summary>It failed again: it waits, now at the head of its key, and nothing behind it moves.</summary>
    public Task FailAsync(DbContext context, Guid id, string reason, string exception, CancellationToken cancellationToken) => context.ExecuteAsync(
        $"""
        UPDATE {tables.DeadLetter}
        SET state = 0, parked = false, attempts = attempts + 1, reason = @reason, exception = @exception, last_failed_at = @now
        WHERE id = @id AND state = 3
        """,
        cancellationToken,
        ("id", id), ("reason", reason.Replace('\0', '\uFFFD')), ("exception", exception.Replace('\0', '\uFFFD')), ("now", time.GetUtcNow()));
}

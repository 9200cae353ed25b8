using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.DeadLetters;

/// <summary>Puts letters into a service's dead-letter table, and a copy on its way to the dead-letter topic.</summary>
internal sealed class DeadLetterTable(InboxTables tables, TimeProvider time)
{
    /// <summary>The letters whose key is blocked: they wait, or an operator's request for them is not carried out yet.</summary>
    public const string Holding = "blocks AND state IN (0, 3, 4)";

    /// <summary>The letters that an operator has asked to replay or to discard.</summary>
    public const string Requested = "state IN (3, 4)";

    /// <summary>Adds a letter in the context's transaction. The copy for the topic leaves with its next <c>SaveChanges</c>.</summary>
    /// <param name="parked">It is not at fault itself: it waits behind one that is, and has no copy in the topic.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="copied">Whether a copy goes to the topic.</param>
    public async Task AddAsync(DbContext context, DeadLetter letter, long keyHash, bool parked, CancellationToken cancellationToken, bool copied = true)
    {
        var now = time.GetUtcNow();
        var record = letter.Record;
        var headers = HeaderCodec.FromKafka(record.Headers);
        var id = letter.BlocksKey && keyHash != 0 ? OutboxId.Next(now, await LastOfKeyAsync(context, letter.Group, keyHash, cancellationToken)) : OutboxId.Next(now);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText =
            $"""
            INSERT INTO {tables.DeadLetter}
                (id, source, topic, partition, "offset", key, key_hash, event_type, event_id, tenant_id, idempotency_key,
                 headers, body, reason, exception, attempts, first_failed_at, last_failed_at, state, blocks, parked)
            VALUES (@id, @source, @topic, @partition, @offset, @key, @key_hash, @event_type, @event_id, @tenant_id, @idempotency_key,
                 @headers, @body, @reason, @exception, @attempts, @now, @now, 0, @blocks, @parked)
            """;
        Add(command, "id", id);
        Add(command, "source", letter.Group);
        Add(command, "topic", record.Topic);
        Add(command, "partition", record.Partition);
        Add(command, "offset", record.Offset);
        Add(command, "key", Text(record.Key));
        Add(command, "key_hash", keyHash);
        Add(command, "event_type", Storable(letter.EventType));
        Add(command, "event_id", letter.Envelope?.MessageId.ToString());
        Add(command, "tenant_id", Storable(letter.Envelope?.TenantId));
        Add(command, "idempotency_key", Storable(letter.Envelope?.IdempotencyKey));
        Add(command, "headers", headers);
        Add(command, "body", record.Body ?? []);
        Add(command, "reason", Storable(letter.Reason));
        Add(command, "exception", Storable(letter.Exception));
        Add(command, "attempts", letter.Attempts);
        Add(command, "now", now);
        Add(command, "blocks", letter.BlocksKey);
        Add(command, "parked", parked);
        await command.ExecuteNonQueryAsync(cancellationToken);

        if (!parked && copied)
        {
            var copy = DeadLetterRecord.Of(letter);
            context.Add(OutboxMessage.Create(
                OutboxId.Next(now), copy.Topic, Text(copy.Key), copy.Body, HeaderCodec.FromKafka(copy.Headers), "dead-letter", SyncHold.None, now));
        }
    }

    /// <summary>The order of the ids is the order of the key's events.</summary>
    private async Task<Guid> LastOfKeyAsync(DbContext context, string group, long keyHash, CancellationToken cancellationToken)
    {
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = $"SELECT id FROM {tables.DeadLetter} WHERE source = @source AND key_hash = @key_hash AND {Holding} ORDER BY id DESC LIMIT 1";
        Add(command, "source", group);
        Add(command, "key_hash", keyHash);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetGuid(0) : Guid.Empty;
    }

    private static string? Text(byte[]? key) => key is null ? null : Storable(Encoding.UTF8.GetString(key));

    /// <summary>PostgreSQL's text knows no NUL, and UTF-8 no half surrogate pairs. A letter must not fail for want of being stored.</summary>
    private static string? Storable(string? text) =>
        text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');

    private static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.EntityFrameworkCore.Relaying;

namespace PhantomSync.EntityFrameworkCore.DeadLetters;

/// <summary>
/// The dead letters of one service, for an operator. What is to become of a letter is only requested here: the service itself
/// carries it out, in the process that runs its endpoint. Who has requested it is reported for the audit trail, a letter at a time.
/// </summary>
public sealed class DeadLetterBox
{
    /// <summary>The source of letters that Kafka did not take.</summary>
    public const string Relay = "relay";

    private readonly Type _contextType;
    private readonly InboxTables _tables;
    private readonly IServiceScopeFactory _scopes;
    private readonly OperatorAudit _audit;
    private readonly TimeProvider _time;
    private readonly RelaySignal _requested;

    internal DeadLetterBox(Type contextType, string service, InboxTables tables, IServiceScopeFactory scopes, OperatorAudit audit, TimeProvider time, RelaySignal requested)
    {
        (_contextType, Service, _tables, _scopes, _audit, _time, _requested) = (contextType, service, tables, scopes, audit, time, requested);
    }

    /// <summary>The service that owns them.</summary>
    public string Service { get; }

    /// <summary>The letters in the order of their keys' events, oldest first.</summary>
    /// <param name="closed">Whether replayed and discarded ones are listed too.</param>
    public Task<IReadOnlyList<DeadLetterSummary>> ListAsync(bool closed = false, CancellationToken cancellationToken = default) =>
        QueryAsync(
            $"SELECT {DeadLetterSql.SummaryColumns} FROM {_tables.DeadLetter} {(closed ? "" : "WHERE state IN (0, 3, 4)")} ORDER BY id",
            DeadLetterSql.Summary,
            cancellationToken);

    public async Task<DeadLetterContent?> FindAsync(Guid id, CancellationToken cancellationToken = default) =>
        await QueryAsync($"SELECT {DeadLetterSql.ContentColumns} FROM {_tables.DeadLetter} WHERE id = @id", DeadLetterSql.Content, cancellationToken, ("id", id)) is [var letter] ? letter : null;

    /// <summary>How many requests the service has not carried out yet.</summary>
    public async Task<int> OpenRequestsAsync(CancellationToken cancellationToken = default) =>
        (await QueryAsync($"SELECT id FROM {_tables.DeadLetter} WHERE {DeadLetterTable.Requested}", row => row.GetGuid(0), cancellationToken)).Count;

    /// <summary>
    /// Asks for a letter to be handled again, and after it those that are parked behind it, in order, until one fails. A letter
    /// that Kafka did not take goes back into the outbox at once.
    /// </summary>
    /// <returns>False where it does not wait, or is parked behind another.</returns>
    public async Task<bool> RequestReplayAsync(Guid id, Operator by, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(id, cancellationToken) is not { } letter)
            return false;
        if (letter.Summary.Source == Relay)
            return await SendAgainAsync(letter, by, cancellationToken);
        return await UpdateAsync(LetterDeeds.Replay, by, "state = 3 WHERE id = @id AND state = 0 AND NOT parked", cancellationToken, ("id", id)) > 0;
    }

    /// <summary>
    /// Asks for every waiting letter to be handled again but those whose idempotency key was used before: whether that is
    /// another event is a person's decision.
    /// </summary>
    /// <returns>How many were asked for.</returns>
    public async Task<int> RequestReplayOfAllAsync(Operator by, CancellationToken cancellationToken = default)
    {
        var sent = 0;
        foreach (var letter in await ListAsync(cancellationToken: cancellationToken))
        {
            if (letter.Source == Relay && await RequestReplayAsync(letter.Id, by, cancellationToken))
                sent++;
        }

        return sent + await UpdateAsync(
            LetterDeeds.Replay, by, "state = 3 WHERE state = 0 AND NOT parked AND source <> @relay AND (blocks OR idempotency_key IS NULL)", cancellationToken, ("relay", Relay));
    }

    /// <summary>Asks for a letter to be given up; those parked behind it are handled then.</summary>
    /// <param name="id">The letter.</param>
    /// <param name="by">Who gives it up, and why: that is kept with it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False where it does not wait.</returns>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public async Task<bool> RequestDiscardAsync(Guid id, Operator by, CancellationToken cancellationToken = default)
    {
        if (by.Reason is not { } reason)
            throw new ArgumentException("A letter is given up for a reason; the operator has none. Give one.", nameof(by));
        return await UpdateAsync(
            LetterDeeds.Discard,
            by,
            "state = CASE WHEN source = @relay THEN 2 ELSE 4 END, reason = @reason || reason WHERE id = @id AND state = 0",
            cancellationToken,
            ("id", id), ("relay", Relay), ("reason", $"Discarded: {reason.Replace('\0', '\uFFFD')} — before: ")) > 0;
    }

    private async Task<bool> SendAgainAsync(DeadLetterContent letter, Operator by, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var context = Context(scope);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await context.ExecuteAsync($"UPDATE {_tables.DeadLetter} SET state = 1 WHERE id = @id AND state = 0", cancellationToken, ("id", letter.Summary.Id)) == 0)
            return false;
        var now = _time.GetUtcNow();
        var row = OutboxMessage.Create(
            OutboxId.Next(now), letter.Summary.Topic, letter.Summary.Key, letter.Body, letter.Headers, letter.Summary.EventType ?? "", SyncHold.None, now);
        PendingMessages.Of(context).Add(context, row);
        _audit.Record(context, by, LetterDeeds.Of(LetterDeeds.Replay, Service, letter.Summary));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Changes letters, and reports each that was changed in the same transaction.</summary>
    private async Task<int> UpdateAsync(string action, Operator by, string what, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var context = Context(scope);
        if (!await InboxTables.ExistsAsync(context, _tables.DeadLetter, cancellationToken))
            return 0;
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var updated = await ReadAsync(
            context, $"UPDATE {_tables.DeadLetter} SET {what} RETURNING {DeadLetterSql.SummaryColumns}", DeadLetterSql.Summary, cancellationToken, parameters);
        if (updated.Count == 0)
            return 0;
        foreach (var letter in updated)
            _audit.Record(context, by, LetterDeeds.Of(action, Service, letter));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _requested.Set();
        return updated.Count;
    }

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> map, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var context = Context(scope);
        return await InboxTables.ExistsAsync(context, _tables.DeadLetter, cancellationToken) ? await ReadAsync(context, sql, map, cancellationToken, parameters) : [];
    }

    private static async Task<List<T>> ReadAsync<T>(
        DbContext context, string sql, Func<DbDataReader, T> map, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        var rows = new List<T>();
        await using var command = await context.CommandAsync(sql, cancellationToken, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(map(reader));
        return rows;
    }

    private DbContext Context(AsyncServiceScope scope) => (DbContext)scope.ServiceProvider.GetRequiredService(_contextType);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Publishing;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Takes back what was scheduled.</summary>
public static class OutboxSchedulingExtensions
{
    /// <summary>
    /// Cancels the scheduled event with <paramref name="token"/>, on the context's connection and in its current transaction.
    /// Events that were added to the context and not saved yet are taken out of it.
    /// </summary>
    /// <returns>False where it has left already or never was.</returns>
    public static Task<bool> CancelScheduledAsync(this DbContext context, Guid token, CancellationToken cancellationToken = default) =>
        context.CancelScheduledAsync([token], cancellationToken);

    /// <summary>The same for several tokens at once.</summary>
    /// <returns>Whether any was still there.</returns>
    internal static async Task<bool> CancelScheduledAsync(this DbContext context, Guid[] tokens, CancellationToken cancellationToken)
    {
        var tables = OutboxTables.Of(context);
        var unsaved = context.ChangeTracker.Entries<OutboxMessage>()
            .Where(entry => entry.State == EntityState.Added && entry.Entity.ScheduleToken is { } token && tokens.Contains(token)).ToList();
        foreach (var entry in unsaved)
            entry.State = EntityState.Detached;

        var kept = PendingMessages.TryGet(context, out var pending) ? tokens.Count(token => pending.Remove(context, token)) : 0;
        var transaction = context.Database.CurrentTransaction is null ? await context.Database.BeginTransactionAsync(cancellationToken) : null;
        await using (transaction)
        {
            // A row that the relay has already made ready (state 0) leaves. One of this very transaction is not queued yet.
            var some = context.Database.IsNpgsql() ? "= ANY(@tokens)" : "IN (SELECT value FROM json_each(@tokens))";
            var messages = $"DELETE FROM {tables.Message} WHERE schedule_token {some}";
            var waiting = $"{messages} AND EXISTS (SELECT 1 FROM {tables.Queue} q WHERE q.message_id = {tables.Message}.id AND q.schedule_token = {tables.Message}.schedule_token AND q.state = 3)";
            var removed = await ExecuteAsync(context, $"UPDATE {tables.Queue} SET state = 3 WHERE schedule_token {some} AND state = 3", tokens, cancellationToken);
            if (removed > 0)
            {
                await ExecuteAsync(context, waiting, tokens, cancellationToken);
                await ExecuteAsync(context, $"DELETE FROM {tables.Queue} WHERE schedule_token {some} AND state = 3", tokens, cancellationToken);
            }

            removed += await ExecuteAsync(
                context, $"{messages} AND NOT EXISTS (SELECT 1 FROM {tables.Queue} q WHERE q.schedule_token = {tables.Message}.schedule_token)", tokens, cancellationToken);
            if (transaction is not null)
                await transaction.CommitAsync(cancellationToken);
            return removed + unsaved.Count + kept > 0;
        }
    }

    private static async Task<int> ExecuteAsync(DbContext context, string sql, Guid[] tokens, CancellationToken cancellationToken)
    {
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        var parameter = command.CreateParameter();
        parameter.ParameterName = "tokens";
        parameter.Value = context.Database.IsNpgsql() ? tokens : "[" + string.Join(',', tokens.Select(token => $"\"{token.ToString().ToUpperInvariant()}\"")) + "]";
        command.Parameters.Add(parameter);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

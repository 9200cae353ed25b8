using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>Writes many rows of the outbox with one statement; they are queued in the order of the list.</summary>
internal static class PostgresOutboxInsert
{
    public static async Task WriteAsync(DbContext context, List<OutboxMessage> rows, CancellationToken cancellationToken)
    {
        var table = OutboxTables.MessageOf(context);
        await using var command = new NpgsqlCommand(
            $"""
            INSERT INTO {table} (id, topic, key, body, headers, event_type, lane, key_hash, hold, hold_count, hold_ms, due_at, schedule_token, created_at)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """,
            (NpgsqlConnection)context.Database.GetDbConnection(),
            (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction());
        Column(row => row.Id, NpgsqlDbType.Uuid);
        Column(row => row.Topic, NpgsqlDbType.Text);
        Column(row => row.Key, NpgsqlDbType.Text);
        Column(row => row.Body, NpgsqlDbType.Bytea);
        Column(row => row.Headers, NpgsqlDbType.Bytea);
        Column(row => row.EventType, NpgsqlDbType.Text);
        Column(row => row.Lane, NpgsqlDbType.Smallint);
        Column(row => row.KeyHash, NpgsqlDbType.Bigint);
        Column(row => (short)row.Hold, NpgsqlDbType.Smallint);
        Column(row => row.HoldCount, NpgsqlDbType.Integer);
        Column(row => row.HoldMilliseconds, NpgsqlDbType.Bigint);
        Column(row => row.DueAt, NpgsqlDbType.TimestampTz);
        Column(row => row.ScheduleToken, NpgsqlDbType.Uuid);
        Column(row => row.CreatedAt, NpgsqlDbType.TimestampTz);
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Column<T>(Func<OutboxMessage, T> value, NpgsqlDbType type)
        {
            var values = new T[rows.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = value(rows[i]);
            command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        }
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace PhantomSync.EntityFrameworkCore.DeadLetters;

/// <summary>What the statements on the dead-letter table have in common.</summary>
internal static class DeadLetterSql
{
    public const string SummaryColumns =
        """
        id, source, topic, partition, "offset", key, event_type, event_id, tenant_id, idempotency_key,
        reason, attempts, first_failed_at, last_failed_at, state, blocks, parked
        """;

    public const string ContentColumns = SummaryColumns + ", key_hash, headers, body, exception";

    /// <summary>A command on the context's connection, which it opens, in its transaction if it has one.</summary>
    public static async Task<DbCommand> CommandAsync(this DbContext context, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        var connection = context.Database.GetDbConnection();
        if (connection.State != System.Data.ConnectionState.Open)
            await context.Database.OpenConnectionAsync(cancellationToken);
        var command = connection.CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public static async Task<int> ExecuteAsync(this DbContext context, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var command = await context.CommandAsync(sql, cancellationToken, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static DeadLetterSummary Summary(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Source = row.GetString(1),
        Topic = row.GetString(2),
        Partition = row.IsDBNull(3) ? null : row.GetInt32(3),
        Offset = row.IsDBNull(4) ? null : row.GetInt64(4),
        Key = Text(row, 5),
        EventType = Text(row, 6),
        EventId = Text(row, 7),
        TenantId = Text(row, 8),
        IdempotencyKey = Text(row, 9),
        Reason = row.GetString(10),
        Attempts = row.GetInt32(11),
        FirstFailedAt = row.GetFieldValue<DateTimeOffset>(12),
        LastFailedAt = row.GetFieldValue<DateTimeOffset>(13),
        State = (DeadLetterState)row.GetInt16(14),
        Blocks = row.GetBoolean(15),
        Parked = row.GetBoolean(16),
    };

    public static DeadLetterContent Content(DbDataReader row) =>
        new(Summary(row), row.GetInt64(17), row.GetFieldValue<byte[]>(18), row.GetFieldValue<byte[]>(19), Text(row, 20));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

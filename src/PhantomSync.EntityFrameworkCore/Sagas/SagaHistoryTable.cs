using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using PhantomSync.EntityFrameworkCore.Inbox;

namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>
/// The table of transitions. Its key is instance and sequence: two transactions that both believe to handle an instance's next
/// event cannot both commit, whatever the state's own mapping says.
/// </summary>
internal sealed class SagaHistoryTable(InboxTables tables, OutboxProvider provider)
{
    /// <summary>The constraint that a concurrent transition breaks.</summary>
    public const string PrimaryKey = "saga_history_pkey";

    private readonly string _add =
        $"""
        INSERT INTO {tables.SagaHistory} (correlation_id, saga, sequence, tenant_id, from_state, to_state, event, event_id, at, finished)
        SELECT n.id, n.saga, n.place + coalesce((SELECT max(h.sequence) FROM {tables.SagaHistory} h WHERE h.correlation_id = n.id AND h.saga = n.saga), 0),
            n.tenant_id, n.from_state, n.to_state, n.event, n.event_id, n.at, n.finished
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS n(id, saga, place, tenant_id, from_state, to_state, event, event_id, at, finished)
        """;

    public async Task CreateSchemaAsync(DbContext context, CancellationToken cancellationToken)
    {
        if (provider == OutboxProvider.Postgres)
        {
            await using var exists = Command(context, "SELECT to_regclass(@name) IS NOT NULL", ("name", tables.SagaHistory));
            await context.Database.OpenConnectionAsync(cancellationToken);
            if (await exists.ExecuteScalarAsync(cancellationToken) is true)
                return;
        }

        var (uuid, time, flag) = provider == OutboxProvider.Postgres ? ("uuid", "timestamptz", "boolean") : ("TEXT", "INTEGER", "INTEGER");
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // CREATE … IF NOT EXISTS is not safe against itself: hosts that start together take turns.
        var turn = provider == OutboxProvider.Postgres ? $"SELECT pg_advisory_xact_lock(hashtext('{tables.SagaHistory.Replace("'", "''", StringComparison.Ordinal)}'));" : "";
        await using var create = Command(
            context,
            $"""
            {turn}
            CREATE TABLE IF NOT EXISTS {tables.SagaHistory} (
                correlation_id {uuid} NOT NULL,
                saga text NOT NULL,
                sequence bigint NOT NULL,
                tenant_id text NOT NULL,
                from_state text NOT NULL,
                to_state text NOT NULL,
                event text NOT NULL,
                event_id {uuid},
                at {time} NOT NULL,
                finished {flag} NOT NULL,
                CONSTRAINT {PrimaryKey} PRIMARY KEY (correlation_id, saga, sequence)
            );
            """);
        await create.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <param name="context">Whose transaction it is.</param>
    /// <param name="transitions">Their sequences are given here.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task AddAsync(DbContext context, List<SagaTransition> transitions, CancellationToken cancellationToken) =>
        provider == OutboxProvider.Postgres ? AddToPostgresAsync(context, transitions, cancellationToken) : AddToSqliteAsync(context, transitions, cancellationToken);

    /// <summary>An instance's transitions, the first first.</summary>
    public async Task<List<SagaTransition>> ReadAsync(DbContext context, string saga, Guid correlationId, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = Command(
            context,
            $"""
            SELECT sequence, tenant_id, from_state, to_state, event, event_id, at, finished
            FROM {tables.SagaHistory} WHERE correlation_id = @id AND saga = @saga ORDER BY sequence
            """,
            ("id", provider == OutboxProvider.Postgres ? correlationId : correlationId.ToString()),
            ("saga", saga));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var transitions = new List<SagaTransition>();
        while (await reader.ReadAsync(cancellationToken))
        {
            transitions.Add(new SagaTransition(
                saga,
                correlationId,
                reader.GetInt64(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetString(4),
                await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetGuid(5),
                provider == OutboxProvider.Postgres ? reader.GetFieldValue<DateTimeOffset>(6) : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(6)),
                reader.GetBoolean(7)));
        }

        return transitions;
    }

    private async Task AddToPostgresAsync(DbContext context, List<SagaTransition> transitions, CancellationToken cancellationToken)
    {
        var places = Places(transitions);
        await using var command = new NpgsqlCommand(_add, (NpgsqlConnection)context.Database.GetDbConnection());
        Column(transitions, t => t.CorrelationId, NpgsqlDbType.Uuid);
        Column(transitions, t => t.Saga, NpgsqlDbType.Text);
        command.Parameters.Add(new() { Value = places, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        Column(transitions, t => t.TenantId, NpgsqlDbType.Text);
        Column(transitions, t => t.From, NpgsqlDbType.Text);
        Column(transitions, t => t.To, NpgsqlDbType.Text);
        Column(transitions, t => t.Event, NpgsqlDbType.Text);
        Column(transitions, t => t.EventId, NpgsqlDbType.Uuid);
        Column(transitions, t => t.At.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Column(transitions, t => t.Finished, NpgsqlDbType.Boolean);
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Column<T>(List<SagaTransition> rows, Func<SagaTransition, T> value, NpgsqlDbType type) =>
            command.Parameters.Add(new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private async Task AddToSqliteAsync(DbContext context, List<SagaTransition> transitions, CancellationToken cancellationToken)
    {
        await using var command = Command(
            context,
            $"""
            INSERT INTO {tables.SagaHistory} (correlation_id, saga, sequence, tenant_id, from_state, to_state, event, event_id, at, finished)
            SELECT @id, @saga, 1 + coalesce(max(sequence), 0), @tenant, @from, @to, @event, @eventId, @at, @finished
            FROM {tables.SagaHistory} WHERE correlation_id = @id AND saga = @saga
            """);
        foreach (var transition in transitions)
        {
            command.Parameters.Clear();
            Add(command, "id", transition.CorrelationId.ToString());
            Add(command, "saga", transition.Saga);
            Add(command, "tenant", transition.TenantId);
            Add(command, "from", transition.From);
            Add(command, "to", transition.To);
            Add(command, "event", transition.Event);
            Add(command, "eventId", (object?)transition.EventId?.ToString() ?? DBNull.Value);
            Add(command, "at", transition.At.ToUnixTimeMilliseconds());
            Add(command, "finished", transition.Finished ? 1 : 0);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Which of its instance's transitions in this list each one is, from 1.</summary>
    private static long[] Places(List<SagaTransition> transitions)
    {
        var counts = new Dictionary<(string, Guid), long>(transitions.Count);
        var places = new long[transitions.Count];
        for (var i = 0; i < places.Length; i++)
        {
            var instance = (transitions[i].Saga, transitions[i].CorrelationId);
            places[i] = counts[instance] = counts.GetValueOrDefault(instance) + 1;
        }

        return places;
    }

    private static System.Data.Common.DbCommand Command(DbContext context, string sql, params (string Name, object Value)[] parameters)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        foreach (var (name, value) in parameters)
            Add(command, name, value);
        return command;
    }

    private static void Add(System.Data.Common.DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}

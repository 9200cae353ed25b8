using Microsoft.Data.Sqlite;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>The relay's connection to an SQLite file; it owns all lanes or none.</summary>
internal sealed class SqliteOutboxSession(SqliteConnection connection, OutboxTables tables, TimeProvider time) : IOutboxSession
{
    private const int Held = 1, Eventual = 2;

    private readonly string _delete = $"DELETE FROM {tables.Queue} WHERE position = $position";
    private readonly HeaderReader _headers = new();
    private SqliteRelayLock? _lock;

    public Task<LaneChange> EnsureLanesAsync(CancellationToken cancellationToken)
    {
        if (_lock is not null)
            return Task.FromResult(new LaneChange(Lanes.Count, [], [], 0));
        var inMemory = new SqliteConnectionStringBuilder(connection.ConnectionString).Mode == SqliteOpenMode.Memory;
        _lock = SqliteRelayLock.TryTake(inMemory ? "" : connection.DataSource);
        return Task.FromResult(_lock is null ? new LaneChange(0, [], [], 0) : new LaneChange(Lanes.Count, Lanes.All, [], 0));
    }

    public async Task ReadAsync(ReadRequest request, List<OutboxRow> rows, CancellationToken cancellationToken)
    {
        rows.Clear();
        if (_lock is null)
            return;
        var held = await ReleaseAsync(cancellationToken);
        await ReadReadyAsync(request, rows, cancellationToken);
        if (rows.Count == 0 && (held & Eventual) != 0)
        {
            await ExecuteAsync(
                $"UPDATE {tables.Queue} SET state = 0 WHERE position IN (SELECT position FROM {tables.Queue} WHERE state = 2 ORDER BY position LIMIT $rows)",
                cancellationToken, ("$rows", request.MaxRows));
            await ReadReadyAsync(request, rows, cancellationToken);
        }

        while (rows.Count > 0 && held != 0 && await ReleaseBeforeAsync(rows, cancellationToken) > 0)
            await ReadReadyAsync(request, rows, cancellationToken);
    }

    public async Task DeleteAsync(long[] positions, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        await ForEachAsync(_delete, "$position", positions, transaction, cancellationToken);
        await ForEachAsync($"DELETE FROM {tables.Message} WHERE id = $id", "$id", ids, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task DeadLetterAsync(OutboxRow row, string reason, int attempts, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        await ExecuteAsync(
            $"""
            INSERT INTO {tables.DeadLetter} (id, source, topic, key, event_type, event_id, tenant_id, idempotency_key,
                headers, body, reason, attempts, first_failed_at, last_failed_at, state)
            SELECT id, 'relay', topic, key, event_type, $event_id, $tenant_id, $idempotency_key, headers, body, $reason, $attempts, $now, $now, 0
            FROM {tables.Message} WHERE id = $id
            ON CONFLICT (id) DO NOTHING
            """,
            cancellationToken, ("$id", row.Id), ("$reason", reason), ("$attempts", attempts), ("$now", time.GetUtcNow()),
            ("$event_id", row.Header(WireHeaders.EventId)), ("$tenant_id", row.Header(WireHeaders.TenantId)),
            ("$idempotency_key", row.Header(WireHeaders.IdempotencyKey)));
        await ExecuteAsync($"DELETE FROM {tables.Message} WHERE id = $id", cancellationToken, ("$id", row.Id));
        await ExecuteAsync(_delete, cancellationToken, ("$position", row.Position));
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task MarkSentAsync(long[] positions, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        await ForEachAsync($"UPDATE {tables.Queue} SET state = 4 WHERE position = $position", "$position", positions, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task<int> UnmarkSentAsync(short[]? lanes, CancellationToken cancellationToken) =>
        ExecuteAsync($"UPDATE {tables.Queue} SET state = 0 WHERE state = 4", cancellationToken);

    public Task HeartbeatAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<Backlog> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            SELECT (SELECT count(*) FROM {tables.Queue}), (SELECT count(*) FROM {tables.Queue} WHERE state IN (1, 2, 3)),
                (SELECT enqueued_at FROM {tables.Queue} WHERE state = 0 ORDER BY position LIMIT 1)
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var age = await reader.IsDBNullAsync(2, cancellationToken) ? TimeSpan.Zero : time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2));
        return new Backlog(reader.GetInt64(0), reader.GetInt64(1), age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        _lock?.Dispose();
        await connection.DisposeAsync();
    }

    /// <summary>Releases what is due or complete; returns which kinds are still held, without a write where none is.</summary>
    private async Task<int> ReleaseAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (await ScalarAsync($"SELECT EXISTS (SELECT 1 FROM {tables.Queue} WHERE state IN (1, 2, 3) AND due_at <= $now)", cancellationToken, ("$now", now)) > 0)
            await ExecuteAsync($"UPDATE {tables.Queue} SET state = 0 WHERE state IN (1, 2, 3) AND due_at <= $now", cancellationToken, ("$now", now));
        if (await ScalarAsync($"SELECT EXISTS (SELECT 1 FROM {tables.Queue} WHERE state IN (1, 2))", cancellationToken) == 0)
            return 0;
        var full = $"SELECT event_type, count(*) AS n FROM {tables.Queue} WHERE state = 1 GROUP BY event_type HAVING count(*) >= min(hold_count)";
        if (await ScalarAsync($"SELECT EXISTS ({full})", cancellationToken) > 0)
        {
            await ExecuteAsync(
                $"UPDATE {tables.Queue} AS q SET state = 0 FROM ({full}) AS f WHERE q.state = 1 AND q.event_type = f.event_type AND q.hold_count <= f.n",
                cancellationToken);
        }

        var eventual = await ScalarAsync($"SELECT EXISTS (SELECT 1 FROM {tables.Queue} WHERE state IN (1, 2) AND state = 2)", cancellationToken) > 0;
        return eventual ? Held | Eventual : Held;
    }

    private async Task<int> ReleaseBeforeAsync(List<OutboxRow> rows, CancellationToken cancellationToken)
    {
        var last = new Dictionary<long, long>(rows.Count);
        foreach (var row in rows)
            last[row.KeyHash] = Math.Max(last.GetValueOrDefault(row.KeyHash), row.Position);
        var released = 0;
        await using var transaction = connection.BeginTransaction(deferred: false);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"UPDATE {tables.Queue} SET state = 0 WHERE state IN (1, 2) AND key_hash = $hash AND position < $position";
        var hash = command.Parameters.Add("$hash", SqliteType.Integer);
        var position = command.Parameters.Add("$position", SqliteType.Integer);
        foreach (var (key, before) in last)
        {
            (hash.Value, position.Value) = (key, before);
            released += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return released;
    }

    /// <summary>Every topic gets its share of the batch, so that one with a long queue does not hold up the others.</summary>
    private async Task ReadReadyAsync(ReadRequest request, List<OutboxRow> rows, CancellationToken cancellationToken)
    {
        rows.Clear();
        var topics = await ReadyTopicsAsync(request.SkipTopics, cancellationToken);
        var bytes = 0L;
        for (var i = 0; i < topics.Count && rows.Count < request.MaxRows; i++)
        {
            var share = Math.Max(1, (request.MaxRows - rows.Count) / (topics.Count - i));
            var room = (request.MaxBytes - bytes) / (topics.Count - i);
            var probe = request.ProbeTopics.Contains(topics[i], StringComparer.Ordinal);
            bytes += await ReadTopicAsync(topics[i], probe ? 1 : share, room, rows, cancellationToken);
        }
    }

    private async Task<List<string>> ReadyTopicsAsync(string[] skip, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            WITH RECURSIVE topics(topic) AS (
                SELECT min(topic) FROM {tables.Queue} WHERE state = 0
                UNION ALL
                SELECT (SELECT min(q.topic) FROM {tables.Queue} q WHERE q.state = 0 AND q.topic > t.topic) FROM topics t WHERE t.topic IS NOT NULL
            )
            SELECT topic FROM topics WHERE topic IS NOT NULL
            """;
        var topics = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!skip.Contains(reader.GetString(0), StringComparer.Ordinal))
                topics.Add(reader.GetString(0));
        }

        return topics;
    }

    private async Task<long> ReadTopicAsync(string topic, int maxRows, long maxBytes, List<OutboxRow> rows, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            SELECT q.position, q.message_id, q.lane, q.key_hash, m.key, m.body, m.headers
            FROM {tables.Queue} q CROSS JOIN {tables.Message} m ON m.id = q.message_id
            WHERE q.state = 0 AND q.topic = $topic ORDER BY q.position LIMIT $rows
            """;
        command.Parameters.AddWithValue("$topic", topic);
        command.Parameters.AddWithValue("$rows", maxRows);
        var bytes = 0L;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while ((bytes == 0 || bytes < maxBytes) && await reader.ReadAsync(cancellationToken))
        {
            var key = reader.IsDBNull(4) ? null : System.Text.Encoding.UTF8.GetBytes(reader.GetString(4));
            var body = reader.GetFieldValue<byte[]>(5);
            var (headers, headerBytes) = _headers.Read(reader, 6);
            var row = new OutboxRow(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetInt16(2), reader.GetInt64(3), topic, key, body, headers,
                body.Length + headerBytes + (key?.Length ?? 0));
            bytes += row.Bytes;
            rows.Add(row);
        }

        return bytes;
    }

    private async Task ForEachAsync<T>(string sql, string name, T[] values, SqliteTransaction transaction, CancellationToken cancellationToken)
        where T : struct
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        command.Parameters.Add(parameter);
        foreach (var value in values)
        {
            parameter.Value = value;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task<long> ScalarAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private SqliteCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}

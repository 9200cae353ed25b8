using System.Runtime.InteropServices;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>A relay worker's connection to PostgreSQL; its lanes are advisory locks of this very connection.</summary>
internal sealed class PostgresOutboxSession : IOutboxSession
{
    /// <summary>Held, shared, by every worker: who counts its holders counts the workers.</summary>
    public const int MembershipLock = Lanes.Count;

    /// <summary>Held while the schema is created.</summary>
    public const int SchemaLock = Lanes.Count + 1;

    private readonly ContextLease _lease;
    private readonly NpgsqlConnection _connection;
    private readonly PostgresOutboxSql _sql;
    private readonly int _lockClass;
    private readonly TimeProvider _time;
    private readonly NpgsqlBatch _read;
    private readonly NpgsqlCommand _delete;
    private readonly NpgsqlCommand _count;
    private readonly NpgsqlCommand _evict;
    private readonly NpgsqlCommand _measure;
    private readonly HeaderReader _headers = new();
    private readonly HashSet<short> _lanes = [];
    private short[] _laneArray = [];
    private int _stretch = 1;
    private int _looks;

    private PostgresOutboxSession(ContextLease lease, NpgsqlConnection connection, OutboxTables tables, TimeSpan frozenAfter, TimeProvider time)
    {
        _lease = lease;
        _connection = connection;
        _sql = new PostgresOutboxSql(tables);
        _lockClass = LockClass(tables.Queue);
        _time = time;
        _read = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(_sql.ReleaseDue) { Parameters = { Shorts([]), Moment(default) } },
                new(_sql.ReleaseFullBatches),
                new(_sql.Read) { Parameters = { Shorts([]), Int(0), Texts([]), Texts([]), Long(0), Int(0) } },
                new(_sql.AnyHeld) { Parameters = { Shorts([]) } },
            },
        };
        _delete = Command(_sql.Delete, Longs([]), Uuids([]));
        _count = Command(_sql.CountWorkers, Int(_lockClass), Int(MembershipLock));
        _evict = Command(_sql.EvictFrozen, Int(_lockClass), Double(frozenAfter.TotalSeconds));
        _measure = Command(_sql.Measure);
    }

    /// <summary>What the session says again and again. Events wait while a statement is planned.</summary>
    private NpgsqlCommand[] Repeated => [_delete, _count, _evict, _measure];

    /// <summary>The advisory-lock class of an outbox; positive, as pg_locks shows it.</summary>
    public static int LockClass(string name) => (int)(StableHash.Of(Encoding.UTF8.GetBytes("phantomsync:" + name)) & 0x7FFFFFFF);

    public static async Task<PostgresOutboxSession> StartAsync(
        ContextLease lease, NpgsqlConnection connection, OutboxTables tables, TimeSpan frozenAfter, TimeProvider time, CancellationToken cancellationToken)
    {
        var session = new PostgresOutboxSession(lease, connection, tables, frozenAfter, time);
        await using (var settings = new NpgsqlCommand(PostgresOutboxSql.Settings, connection))
            await settings.ExecuteNonQueryAsync(cancellationToken);
        await using (var join = session.Command("SELECT pg_advisory_lock_shared($1, $2)", Int(session._lockClass), Int(MembershipLock)))
            await join.ExecuteNonQueryAsync(cancellationToken);
        await session._read.PrepareAsync(cancellationToken);
        foreach (var command in session.Repeated)
            await command.PrepareAsync(cancellationToken);
        return session;
    }

    public async Task<LaneChange> EnsureLanesAsync(CancellationToken cancellationToken)
    {
        var workers = Math.Max(1, (int)(await _count.ExecuteScalarAsync(cancellationToken))!);
        var share = (Lanes.Count + workers - 1) / workers;
        short[] lost = [], gained = [];
        if (_lanes.Count > share)
        {
            lost = [.. _lanes.Take(_lanes.Count - share)];
            await using var free = Command(_sql.FreeLanes, Int(_lockClass), Shorts(lost));
            await free.ExecuteNonQueryAsync(cancellationToken);
            _lanes.ExceptWith(lost);
        }
        else if (_lanes.Count < share)
        {
            // From a random lane on, so that workers that start together do not all try the same ones.
            var others = Lanes.All.Except(_lanes).ToArray();
            Random.Shared.Shuffle(others);
            await using var take = Command(_sql.TakeLanes, Int(_lockClass), Shorts(others), Int(share - _lanes.Count));
            var taken = new List<short>();
            await using (var reader = await take.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                    taken.Add(reader.GetInt16(0));
            }

            gained = [.. taken];
            _lanes.UnionWith(gained);
        }

        if (gained.Length + lost.Length > 0)
            _laneArray = [.. _lanes.Order()];
        var evicted = 0;
        if (++_looks % 4 == 0)
            evicted = (int)(await _evict.ExecuteScalarAsync(cancellationToken))!;

        return new LaneChange(_lanes.Count, gained, lost, evicted);
    }

    public async Task ReadAsync(ReadRequest request, List<OutboxRow> rows, CancellationToken cancellationToken)
    {
        rows.Clear();
        if (_laneArray.Length == 0)
            return;
        var yielded = false;
        while (true)
        {
            var (anyHeld, anyEventual) = await ReadOnceAsync(request, rows, cancellationToken);
            if (rows.Count > 0)
            {
                if (!anyHeld || await ReleaseBeforeAsync(rows, cancellationToken) == 0)
                    return;
            }
            else
            {
                if (!anyEventual || yielded)
                    return;
                yielded = true;
                await using var release = Command(_sql.ReleaseEventual, Shorts(_laneArray), Int(request.MaxRows));
                await release.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    public async Task DeleteAsync(long[] positions, Guid[] ids, CancellationToken cancellationToken)
    {
        _delete.Parameters[0].Value = positions;
        _delete.Parameters[1].Value = ids;
        await _delete.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task DeadLetterAsync(OutboxRow row, string reason, int attempts, CancellationToken cancellationToken)
    {
        await using var command = Command(
            _sql.DeadLetter, Long(row.Position), Uuid(row.Id), Text(reason), Int(attempts), Text(row.Header(WireHeaders.EventId)),
            Text(row.Header(WireHeaders.TenantId)), Text(row.Header(WireHeaders.IdempotencyKey)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task MarkSentAsync(long[] positions, CancellationToken cancellationToken)
    {
        await using var command = Command(_sql.MarkSent, Longs(positions));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<int> UnmarkSentAsync(short[]? lanes, CancellationToken cancellationToken)
    {
        await using var command = Command(_sql.UnmarkSent, Shorts(lanes ?? _laneArray));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1", _connection);
        await command.ExecuteScalarAsync(cancellationToken);
    }

    public async Task<Backlog> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var reader = await _measure.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var age = await reader.IsDBNullAsync(2, cancellationToken) ? 0 : reader.GetDouble(2);
        return new Backlog(reader.GetInt64(0), reader.GetInt64(1), TimeSpan.FromSeconds(Math.Max(0, age)));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // The pool resets a connection only when it is next used: the locks must not wait for that.
            await using var leave = new NpgsqlCommand("SELECT pg_advisory_unlock_all(); RESET ALL", _connection);
            await leave.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the locks with it.
        }

        await _read.DisposeAsync();
        foreach (var command in Repeated)
            await command.DisposeAsync();
        await _lease.DisposeAsync();
    }

    private async Task<(bool AnyHeld, bool AnyEventual)> ReadOnceAsync(ReadRequest request, List<OutboxRow> rows, CancellationToken cancellationToken)
    {
        _read.BatchCommands[0].Parameters[0].Value = _laneArray;
        _read.BatchCommands[0].Parameters[1].Value = _time.GetUtcNow();
        var parameters = _read.BatchCommands[2].Parameters;
        parameters[0].Value = _laneArray;
        parameters[1].Value = _stretch;
        parameters[2].Value = request.SkipTopics;
        parameters[3].Value = request.ProbeTopics;
        parameters[4].Value = request.MaxBytes;
        parameters[5].Value = request.MaxRows;
        _read.BatchCommands[3].Parameters[0].Value = _laneArray;

        rows.Clear();
        var more = false;
        await using var reader = await _read.ExecuteReaderAsync(cancellationToken);
        string? topic = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5);
            var body = reader.GetFieldValue<byte[]>(6);
            var (headers, headerBytes) = _headers.Read(reader, 7);
            rows.Add(new OutboxRow(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetInt16(2), reader.GetInt64(3), topic = Same(reader.GetString(4), topic),
                key, body, headers, body.Length + headerBytes + (key?.Length ?? 0)));
            more |= reader.GetBoolean(8);
        }

        // A few long queues and otherwise nothing: the next batch is filled from them.
        if (rows.Count >= request.MaxRows || !more)
            _stretch = 1;
        else
            _stretch = Math.Min(_stretch * 4, 4 * Lanes.Count);

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetBoolean(0), reader.GetBoolean(1));
    }

    private async Task<int> ReleaseBeforeAsync(List<OutboxRow> rows, CancellationToken cancellationToken)
    {
        var last = new Dictionary<long, long>(rows.Count);
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(rows))
        {
            ref var position = ref CollectionsMarshal.GetValueRefOrAddDefault(last, row.KeyHash, out _);
            position = Math.Max(position, row.Position);
        }

        await using var release = Command(_sql.ReleaseBefore, Longs([.. last.Keys]), Longs([.. last.Values]));
        return await release.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Same(string text, string? previous) => text == previous ? previous : text;

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(sql, _connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter Int(int value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Integer };

    private static NpgsqlParameter Long(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter Double(double value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Double };

    private static NpgsqlParameter Moment(DateTimeOffset value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Uuid(Guid value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static NpgsqlParameter Shorts(short[] value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint };

    private static NpgsqlParameter Longs(long[] value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static NpgsqlParameter Uuids(Guid[] value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    private static NpgsqlParameter Texts(string[] value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}

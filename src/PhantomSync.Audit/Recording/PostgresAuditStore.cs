using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Sealing;
using PhantomSync.Contracts;

namespace PhantomSync.Audit.Recording;

internal sealed class PostgresAuditStore(AuditDbContext context) : IAuditStore
{
    // Any number that nobody else uses.
    private const long SealerLock = 0x5EA1_A0D1_7000_0001;

    private const string Insert =
        """
        INSERT INTO audit.audit_logs
            (id, tenant_id, event_id, event_type, "timestamp", user_id, action, resource_type, resource_id, result, details,
             source_service, correlation_id, causation_id, recorded_at, salt, payload_hash, inbox_key)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[],
             $10::text[], $11::json[], $12::text[], $13::uuid[], $14::uuid[], $15::timestamptz[], $16::bytea[], $17::bytea[], $18::uuid[])
        ON CONFLICT (tenant_id, id) DO NOTHING
        """;

    private const string Unsealed =
        """
        SELECT l.xid, l.position, l.id, l.tenant_id, l.event_id, l.event_type, l."timestamp", l.action, l.resource_type, l.resource_id, l.result,
            l.source_service, l.correlation_id, l.causation_id, l.recorded_at, l.payload_hash, l.inbox_key
        FROM audit.audit_logs l, audit.audit_sealed_to m
        WHERE m.id = 1 AND (l.xid, l.position) > (m.xid::text::xid8, m.position) AND l.xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY l.xid, l.position LIMIT $1
        """;

    public async Task<int> InsertAsync(IReadOnlyList<AuditLogRow> rows, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Insert, await OpenAsync(cancellationToken));
        Add(command, NpgsqlDbType.Uuid, rows, static row => row.Id);
        Add(command, NpgsqlDbType.Text, rows, static row => row.TenantId);
        Add(command, NpgsqlDbType.Uuid, rows, static row => row.EventId);
        Add(command, NpgsqlDbType.Text, rows, static row => row.EventType);
        Add(command, NpgsqlDbType.TimestampTz, rows, static row => row.Timestamp.ToDateTimeOffset().UtcDateTime);
        Add(command, NpgsqlDbType.Text, rows, static row => row.UserId);
        Add(command, NpgsqlDbType.Text, rows, static row => row.Action);
        Add(command, NpgsqlDbType.Text, rows, static row => row.ResourceType);
        Add(command, NpgsqlDbType.Text, rows, static row => row.ResourceId);
        Add(command, NpgsqlDbType.Text, rows, static row => row.Result);
        Add(command, NpgsqlDbType.Json, rows, static row => row.Details);
        Add(command, NpgsqlDbType.Text, rows, static row => row.SourceService);
        Add(command, NpgsqlDbType.Uuid, rows, static row => row.CorrelationId);
        Add(command, NpgsqlDbType.Uuid, rows, static row => row.CausationId);
        Add(command, NpgsqlDbType.TimestampTz, rows, static row => row.RecordedAt.ToDateTimeOffset().UtcDateTime);
        Add(command, NpgsqlDbType.Bytea, rows, static row => row.Salt);
        Add(command, NpgsqlDbType.Bytea, rows, static row => row.PayloadHash);
        Add(command, NpgsqlDbType.Uuid, rows, static row => row.InboxKey);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<bool> TryBecomeSealerAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock($1)", await OpenAsync(cancellationToken)) { Parameters = { new() { Value = SealerLock } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Below the oldest transaction that still runs nothing can be added, so (transaction, position) is an order for good.</summary>
    public async Task<List<UnsealedEntry>> ReadUnsealedAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Unsealed, await OpenAsync(cancellationToken)) { Parameters = { new NpgsqlParameter<int> { TypedValue = limit } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<UnsealedEntry>();
        while (await reader.ReadAsync(cancellationToken))
            entries.Add(new UnsealedEntry((long)reader.GetFieldValue<ulong>(0), reader.GetString(3), reader.GetInt64(1), AuditHash.Content(WithoutPayload(reader))));
        return entries;
    }

    public async Task InsertSealsAsync(IReadOnlyList<AuditSeal> seals, UnsealedEntry last, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO audit.audit_seals (tenant_id, sequence, position, hash)
            SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[])
            """,
            await OpenAsync(cancellationToken));
        Add(command, NpgsqlDbType.Text, seals, static seal => seal.TenantId);
        Add(command, NpgsqlDbType.Bigint, seals, static seal => seal.Sequence);
        Add(command, NpgsqlDbType.Bigint, seals, static seal => seal.Position);
        Add(command, NpgsqlDbType.Bytea, seals, static seal => seal.Hash);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync(
            $"UPDATE audit.audit_sealed_to SET xid = {last.Transaction}, position = {last.Position} WHERE id = 1", cancellationToken);
    }

    public async Task<SealingLag> LagAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT count(*), min(l.recorded_at) FROM audit.audit_logs l, audit.audit_sealed_to m
            WHERE m.id = 1 AND (l.xid, l.position) > (m.xid::text::xid8, m.position)
            """,
            await OpenAsync(cancellationToken));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SealingLag(reader.GetInt64(0), await reader.IsDBNullAsync(1, cancellationToken) ? TimeSpan.Zero : now - reader.GetFieldValue<DateTimeOffset>(1));
    }

    public async IAsyncEnumerable<AuditLogRow> StrayAsync(string? tenantId)
    {
        var stray = context.Logs
            .FromSql(
                $"""
                SELECT l.* FROM audit.audit_logs l, audit.audit_sealed_to m
                WHERE m.id = 1 AND (l.xid, l.position) <= (m.xid::text::xid8, m.position)
                  AND ({tenantId}::text IS NULL OR l.tenant_id = {tenantId}::text)
                  AND NOT EXISTS (SELECT FROM audit.audit_seals s WHERE s.position = l.position)
                """)
            .AsNoTracking().OrderBy(row => row.Position).AsAsyncEnumerable();
        await foreach (var row in stray)
            yield return row;
    }

    /// <summary>As if it were erased: the chain holds the payload's hash, so the payload is not read.</summary>
    private static AuditLogRow WithoutPayload(NpgsqlDataReader reader) => new()
    {
        Position = reader.GetInt64(1),
        Id = reader.GetGuid(2),
        TenantId = reader.GetString(3),
        EventId = reader.GetGuid(4),
        EventType = reader.GetString(5),
        Timestamp = Moment(reader, 6),
        UserId = AuditEntry.ErasedUser,
        Action = reader.GetString(7),
        ResourceType = reader.GetString(8),
        ResourceId = reader.GetString(9),
        Result = reader.GetString(10),
        Details = null,
        SourceService = reader.GetString(11),
        CorrelationId = reader.IsDBNull(12) ? null : reader.GetGuid(12),
        CausationId = reader.IsDBNull(13) ? null : reader.GetGuid(13),
        RecordedAt = Moment(reader, 14),
        Salt = null,
        PayloadHash = reader.GetFieldValue<byte[]>(15),
        InboxKey = reader.IsDBNull(16) ? null : reader.GetGuid(16),
    };

    private static Timestamp Moment(NpgsqlDataReader reader, int column) => Timestamp.From(new DateTimeOffset(reader.GetDateTime(column), TimeSpan.Zero));

    private static void Add<TRow, TValue>(NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(rows[i]);
        command.Parameters.Add(new NpgsqlParameter<TValue[]> { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = values });
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        return (NpgsqlConnection)context.Database.GetDbConnection();
    }
}

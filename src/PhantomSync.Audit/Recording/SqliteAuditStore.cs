using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using PhantomSync.Audit.Sealing;

namespace PhantomSync.Audit.Recording;

/// <summary>SQLite has one writer at a time: positions are in the order of commits.</summary>
internal sealed class SqliteAuditStore(AuditDbContext context) : IAuditStore
{
    public async Task<int> InsertAsync(IReadOnlyList<AuditLogRow> rows, CancellationToken cancellationToken)
    {
        await using var command = await CommandAsync(
            """
            INSERT INTO audit_logs
                (id, tenant_id, event_id, event_type, timestamp, user_id, action, resource_type, resource_id, result, details,
                 source_service, correlation_id, causation_id, recorded_at, salt, payload_hash, inbox_key)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
            ON CONFLICT (tenant_id, id) DO NOTHING
            """,
            18,
            cancellationToken);
        var inserted = 0;
        foreach (var row in rows)
        {
            Set(command, row.Id, row.TenantId, row.EventId, row.EventType, row.Timestamp.UnixMicroseconds, row.UserId, row.Action, row.ResourceType, row.ResourceId,
                row.Result, row.Details, row.SourceService, row.CorrelationId, row.CausationId, row.RecordedAt.UnixMicroseconds, row.Salt, row.PayloadHash, row.InboxKey);
            inserted += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return inserted;
    }

    /// <summary>The transaction is the file's only writer already.</summary>
    public Task<bool> TryBecomeSealerAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public async Task<List<UnsealedEntry>> ReadUnsealedAsync(int limit, CancellationToken cancellationToken)
    {
        var mark = await MarkAsync(cancellationToken);
        var rows = await context.Logs.AsNoTracking().Where(row => row.Position > mark).OrderBy(row => row.Position).Take(limit).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new UnsealedEntry(0, row.TenantId, row.Position, AuditHash.Content(row)));
    }

    public async Task InsertSealsAsync(IReadOnlyList<AuditSeal> seals, UnsealedEntry last, CancellationToken cancellationToken)
    {
        await using var command = await CommandAsync("INSERT INTO audit_seals (tenant_id, sequence, position, hash) VALUES ($1, $2, $3, $4)", 4, cancellationToken);
        foreach (var seal in seals)
        {
            Set(command, seal.TenantId, seal.Sequence, seal.Position, seal.Hash);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await context.Database.ExecuteSqlAsync($"UPDATE audit_sealed_to SET position = {last.Position} WHERE id = 1", cancellationToken);
    }

    public async Task<SealingLag> LagAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var mark = await MarkAsync(cancellationToken);
        var entries = await context.Logs.LongCountAsync(row => row.Position > mark, cancellationToken);
        var oldest = await context.Logs.AsNoTracking().Where(row => row.Position > mark).OrderBy(row => row.Position).FirstOrDefaultAsync(cancellationToken);
        return new SealingLag(entries, oldest is null ? TimeSpan.Zero : now - oldest.RecordedAt.ToDateTimeOffset());
    }

    public async IAsyncEnumerable<AuditLogRow> StrayAsync(string? tenantId)
    {
        var mark = await MarkAsync(CancellationToken.None);
        var stray = context.Logs.AsNoTracking()
            .Where(row => row.Position <= mark && (tenantId == null || row.TenantId == tenantId) && !context.Seals.Any(seal => seal.Position == row.Position))
            .OrderBy(row => row.Position).AsAsyncEnumerable();
        await foreach (var row in stray)
            yield return row;
    }

    private Task<long> MarkAsync(CancellationToken cancellationToken) =>
        context.Set<SealedTo>().AsNoTracking().Select(mark => mark.Position).SingleAsync(cancellationToken);

    private async Task<SqliteCommand> CommandAsync(string sql, int parameters, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        var command = ((SqliteConnection)context.Database.GetDbConnection()).CreateCommand();
        command.CommandText = sql;
        command.Transaction = (SqliteTransaction?)context.Database.CurrentTransaction?.GetDbTransaction();
        for (var i = 1; i <= parameters; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        return command;
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.Parameters[i];
            parameter.ResetSqliteType();
            parameter.Value = values[i] ?? DBNull.Value;
        }
    }
}

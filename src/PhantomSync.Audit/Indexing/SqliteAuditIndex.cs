using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Search;
using PhantomSync.Contracts;

namespace PhantomSync.Audit.Indexing;

/// <summary>The embedded index: SQLite's FTS5, in the consumer's own transaction.</summary>
internal sealed class SqliteAuditIndex(AuditIndexDbContext context) : IAuditIndex, IAuditSearch
{
    public static readonly string[] Tables =
    [
        """
        CREATE TABLE IF NOT EXISTS audit_index (
            rowid INTEGER PRIMARY KEY,
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            event_id TEXT NOT NULL,
            event_type TEXT NOT NULL,
            timestamp INTEGER NOT NULL,
            user_id TEXT NOT NULL,
            action TEXT NOT NULL,
            resource_type TEXT NOT NULL,
            resource_id TEXT NOT NULL,
            result TEXT NOT NULL,
            details TEXT,
            source_service TEXT NOT NULL,
            correlation_id TEXT,
            causation_id TEXT,
            month TEXT NOT NULL,
            text TEXT NOT NULL,
            UNIQUE (tenant_id, id)
        )
        """,
        "CREATE INDEX IF NOT EXISTS audit_index_time ON audit_index (tenant_id, timestamp DESC, id DESC)",
        "CREATE VIRTUAL TABLE IF NOT EXISTS audit_text USING fts5(text, content='audit_index', content_rowid='rowid', tokenize='unicode61 remove_diacritics 0')",
        """
        CREATE TRIGGER IF NOT EXISTS audit_index_added AFTER INSERT ON audit_index BEGIN
            INSERT INTO audit_text (rowid, text) VALUES (NEW.rowid, NEW.text);
        END
        """,
        """
        CREATE TRIGGER IF NOT EXISTS audit_index_removed AFTER DELETE ON audit_index BEGIN
            INSERT INTO audit_text (audit_text, rowid, text) VALUES ('delete', OLD.rowid, OLD.text);
        END
        """,
    ];

    public async Task AddAsync(IReadOnlyList<IndexedEntry> entries, CancellationToken cancellationToken)
    {
        // Many rows outside of a transaction would be a commit each.
        await using var transaction = context.Database.CurrentTransaction is null ? await context.Database.BeginTransactionAsync(cancellationToken) : null;
        await using var command = await CommandAsync(
            """
            INSERT INTO audit_index
                (tenant_id, id, event_id, event_type, timestamp, user_id, action, resource_type, resource_id, result, details,
                 source_service, correlation_id, causation_id, month, text)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            ON CONFLICT (tenant_id, id) DO NOTHING
            """,
            cancellationToken);
        for (var i = 1; i <= 16; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        foreach (var entry in entries)
        {
            var e = entry.Entry;
            Set(command, e.TenantId, e.Id.ToString(), e.EventId.ToString(), e.EventType, e.Timestamp.UnixMicroseconds, e.UserId, e.Action, e.ResourceType, e.ResourceId,
                e.Result, e.Details, e.SourceService, e.CorrelationId?.ToString(), e.CausationId?.ToString(), entry.Month, AuditText.Of(e));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        if (transaction is not null)
            await transaction.CommitAsync(cancellationToken);
    }

    public async Task ReplaceAsync(IndexedEntry entry, CancellationToken cancellationToken)
    {
        await using var transaction = context.Database.CurrentTransaction is null ? await context.Database.BeginTransactionAsync(cancellationToken) : null;
        await context.Database.ExecuteSqlAsync($"DELETE FROM audit_index WHERE tenant_id = {entry.Entry.TenantId} AND id = {entry.Entry.Id.ToString()}", cancellationToken);
        await AddAsync([entry], cancellationToken);
        if (transaction is not null)
            await transaction.CommitAsync(cancellationToken);
    }

    public Task ClearAsync(string? month, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlAsync($"DELETE FROM audit_index WHERE {month} IS NULL OR month = {month}", cancellationToken);

    public async Task<AuditPage> SearchAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var request = SearchRequest.Of(query);
        if (request.FindsNothing)
            return AuditPage.Empty;
        await using var command = await CommandAsync("", cancellationToken);
        command.CommandText = Sql(request, command);
        var entries = new List<AuditEntry>(request.PageSize);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (entries.Count == request.PageSize)
                return new AuditPage(entries, AuditCursor.Of(entries[^1]).ToString());
            entries.Add(Read(reader));
        }

        return new AuditPage(entries, null);
    }

    private static string Sql(SearchRequest request, SqliteCommand command)
    {
        var sql = new StringBuilder(
            """
            SELECT i.tenant_id, i.id, i.event_id, i.event_type, i.timestamp, i.user_id, i.action, i.resource_type, i.resource_id, i.result,
                   i.details, i.source_service, i.correlation_id, i.causation_id
            FROM audit_index i
            """);
        if (request.Clauses.Count > 0)
            sql.Append(" JOIN audit_text t ON t.rowid = i.rowid");
        sql.Append(" WHERE i.tenant_id = $tenant");
        Add("$tenant", request.TenantId);
        if (request.Clauses.Count > 0)
        {
            sql.Append(" AND t.text MATCH $text");
            Add("$text", string.Join(' ', request.Clauses.Select(clause => clause.IsPrefix ? $"\"{clause.Words}\"*" : $"\"{clause.Words}\"")));
        }

        // The names come from a fixed list.
        foreach (var (name, value) in request.Fields)
        {
            sql.Append($" AND i.{name} = ${name}");
            Add($"${name}", value);
        }

        if (request.From is { } from)
        {
            sql.Append(" AND i.timestamp >= $from");
            Add("$from", from);
        }

        if (request.To is { } to)
        {
            sql.Append(" AND i.timestamp < $to");
            Add("$to", to);
        }

        if (request.After is { } after)
        {
            sql.Append(" AND (i.timestamp, i.id) < ($after, $afterId)");
            Add("$after", after.Microseconds);
            Add("$afterId", after.Id);
        }

        // One more than asked for tells whether there is a next page.
        return sql.Append($" ORDER BY i.timestamp DESC, i.id DESC LIMIT {request.PageSize + 1}").ToString();

        void Add(string name, object value) => command.Parameters.AddWithValue(name, value);
    }

    private static AuditEntry Read(DbDataReader reader) => new()
    {
        TenantId = reader.GetString(0),
        Id = Guid.Parse(reader.GetString(1)),
        EventId = Guid.Parse(reader.GetString(2)),
        EventType = reader.GetString(3),
        Timestamp = Timestamp.FromUnixMicroseconds(reader.GetInt64(4)),
        UserId = reader.GetString(5),
        Action = reader.GetString(6),
        ResourceType = reader.GetString(7),
        ResourceId = reader.GetString(8),
        Result = reader.GetString(9),
        Details = reader.IsDBNull(10) ? null : reader.GetString(10),
        SourceService = reader.GetString(11),
        CorrelationId = reader.IsDBNull(12) ? null : Guid.Parse(reader.GetString(12)),
        CausationId = reader.IsDBNull(13) ? null : Guid.Parse(reader.GetString(13)),
    };

    private static void Set(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].ResetSqliteType();
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }

    private async Task<SqliteCommand> CommandAsync(string sql, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        var command = ((SqliteConnection)context.Database.GetDbConnection()).CreateCommand();
        command.CommandText = sql;
        command.Transaction = (SqliteTransaction?)context.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }
}

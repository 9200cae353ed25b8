using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>One prepared statement per batch, an array per column; what is there already is left alone, so no inbox is needed.</summary>
internal sealed class PlainAuditor : IAsyncDisposable
{
    private static readonly NpgsqlDbType[] Columns =
    [
        NpgsqlDbType.Uuid, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Json,
        NpgsqlDbType.Text, NpgsqlDbType.Uuid, NpgsqlDbType.Uuid, NpgsqlDbType.Bytea, NpgsqlDbType.Bytea,
    ];

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _insert;

    private PlainAuditor(NpgsqlConnection connection)
    {
        _connection = connection;
        _insert = new NpgsqlCommand(
            """
            INSERT INTO audit.audit_logs (id, tenant_id, event_id, event_type, "timestamp", user_id, action, resource_type, resource_id, result, details,
                source_service, correlation_id, causation_id, recorded_at, salt, payload_hash)
            SELECT u.id, u.tenant, u.id, 'InferenceCompleted', u.time, u.actor, 'INFERENCE', 'ML_MODEL', u.resource, 'Success', u.details,
                u.source, u.correlation, u.causation, now(), u.salt, u.hash
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS u (id, tenant, time, actor, resource, details, source, correlation, causation, salt, hash)
            ON CONFLICT (tenant_id, id) DO NOTHING
            """,
            connection);
        foreach (var column in Columns)
            _insert.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | column });
    }

    public static async Task<PlainAuditor> OpenAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var auditor = new PlainAuditor(await database.OpenConnectionAsync(cancellationToken));
        await auditor._insert.PrepareAsync(cancellationToken);
        return auditor;
    }

    public async Task InsertAsync(List<PlainFact.Inference> facts)
    {
        var details = facts.ConvertAll(fact => new JsonObject { ["inference_id"] = fact.InferenceId, ["confidence"] = fact.Confidence }.ToJsonString());
        var salts = facts.ConvertAll(_ => RandomNumberGenerator.GetBytes(16));
        Array[] values =
        [
            Of(fact => fact.SyncMetadata.EventId), Of(fact => fact.TenantId), Of(fact => fact.SyncMetadata.OccurredAt.UtcDateTime), Of(fact => fact.RequestedBy),
            Of(fact => $"{fact.ModelId}:{fact.Version}"), details.ToArray(), Of(fact => fact.SyncMetadata.SourceService), Of(fact => fact.SyncMetadata.CorrelationId),
            Of(fact => fact.SyncMetadata.CausationId), salts.ToArray(), Enumerable.Range(0, facts.Count).Select(Hash).ToArray(),
        ];
        for (var i = 0; i < values.Length; i++)
            _insert.Parameters[i].Value = values[i];
        await _insert.ExecuteNonQueryAsync();

        T[] Of<T>(Converter<PlainFact.Inference, T> value) => [.. facts.ConvertAll(value)];
        byte[] Hash(int i) => SHA256.HashData([.. salts[i], .. System.Text.Encoding.UTF8.GetBytes(facts[i].RequestedBy), .. System.Text.Encoding.UTF8.GetBytes(details[i])]);
    }

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

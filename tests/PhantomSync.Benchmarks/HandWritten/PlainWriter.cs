using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>Begin, two inserts in one round trip, commit; the statements are prepared.</summary>
internal sealed class PlainWriter : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _batch;
    private readonly string _topic;

    private PlainWriter(NpgsqlConnection connection, string topic)
    {
        _connection = connection;
        _topic = topic;
        _batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("INSERT INTO served (id, tenant_id, model_id, confidence) VALUES ($1, $2, $3, $4)")
                {
                    Parameters = { Of(NpgsqlDbType.Text), Of(NpgsqlDbType.Text), Of(NpgsqlDbType.Text), Of(NpgsqlDbType.Double) },
                },
                new("INSERT INTO outbox (topic, key, event_type, event_id, tenant_id, idempotency_key, body) VALUES ($1, $2, $3, $4, $5, $6, $7)")
                {
                    Parameters =
                    {
                        Of(NpgsqlDbType.Text), Of(NpgsqlDbType.Text), Of(NpgsqlDbType.Text), Of(NpgsqlDbType.Uuid), Of(NpgsqlDbType.Text),
                        Of(NpgsqlDbType.Text), Of(NpgsqlDbType.Bytea),
                    },
                },
            },
        };
    }

    public static async Task<PlainWriter> OpenAsync(Stage stage, CancellationToken cancellationToken)
    {
        var writer = new PlainWriter(await stage.Database.OpenConnectionAsync(cancellationToken), stage.Topic);
        await writer._batch.PrepareAsync(cancellationToken);
        return writer;
    }

    public async Task WriteAsync(int number, CancellationToken cancellationToken)
    {
        var message = PlainEvent.Number(number, TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        var served = _batch.BatchCommands[0].Parameters;
        (served[0].Value, served[1].Value, served[2].Value, served[3].Value) =
            (message.Data.InferenceId, message.Data.TenantId, message.Data.ModelId, message.Data.Confidence);
        var outbox = _batch.BatchCommands[1].Parameters;
        var metadata = message.Data.SyncMetadata;
        (outbox[0].Value, outbox[1].Value, outbox[2].Value, outbox[3].Value, outbox[4].Value, outbox[5].Value, outbox[6].Value) =
            (_topic, message.Key, message.EventType, metadata.EventId, metadata.TenantId, metadata.IdempotencyKey,
                JsonSerializer.SerializeToUtf8Bytes(message, PlainJson.Default.PlainEvent));
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        _batch.Transaction = transaction;
        await _batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _batch.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static NpgsqlParameter Of(NpgsqlDbType type) => new() { NpgsqlDbType = type };
}

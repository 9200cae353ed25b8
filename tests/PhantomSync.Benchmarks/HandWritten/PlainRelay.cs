using System.Text;
using Confluent.Kafka;
using Npgsql;
using NpgsqlTypes;
using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>Select 1,000 rows in order, produce all with the headers of the wire format, await every report, delete them with one statement, again.</summary>
internal sealed class PlainRelay(Stage stage, int batchRows = 1_000)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private static readonly byte[] Json = "application/json"u8.ToArray();

    private long _sent;

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Runs until <paramref name="events"/> are acknowledged and deleted.</summary>
    public async Task RunAsync(long events, CancellationToken cancellationToken)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(Clients.Producer(stage)).Build();
        await using var connection = await stage.Database.OpenConnectionAsync(cancellationToken);
        await using var select = new NpgsqlCommand(
            "SELECT id, topic, key, event_type, event_id, tenant_id, idempotency_key, body FROM outbox ORDER BY id LIMIT $1", connection)
        {
            Parameters = { new() { Value = batchRows } },
        };
        await using var delete = new NpgsqlCommand("DELETE FROM outbox WHERE id = ANY($1)", connection)
        {
            Parameters = { new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
        };
        await select.PrepareAsync(cancellationToken);
        await delete.PrepareAsync(cancellationToken);
        var rows = new List<(long Id, string Topic, Message<byte[], byte[]> Message)>(batchRows);
        while (_sent < events)
        {
            rows.Clear();
            await using (var reader = await select.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add((reader.GetInt64(0), reader.GetString(1), new Message<byte[], byte[]>
                    {
                        Key = reader.GetFieldValue<byte[]>(2),
                        Value = reader.GetFieldValue<byte[]>(7),
                        Headers = new Headers
                        {
                            { "event_type", reader.GetFieldValue<byte[]>(3) },
                            { "event_id", Encoding.UTF8.GetBytes(reader.GetGuid(4).ToString()) },
                            { "tenant_id", reader.GetFieldValue<byte[]>(5) },
                            { "idempotency_key", reader.GetFieldValue<byte[]>(6) },
                            { "content_type", Json },
                        },
                    }));
                }
            }

            if (rows.Count == 0)
            {
                await Task.Delay(Poll, cancellationToken);
                continue;
            }

            await ProduceAsync(producer, rows);
            delete.Parameters[0].Value = rows.ConvertAll(row => row.Id).ToArray();
            await delete.ExecuteNonQueryAsync(cancellationToken);
            Interlocked.Add(ref _sent, rows.Count);
        }
    }

    private static Task ProduceAsync(IProducer<byte[], byte[]> producer, List<(long Id, string Topic, Message<byte[], byte[]> Message)> rows)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var open = rows.Count;
        void Reported(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError)
                done.TrySetException(new KafkaException(report.Error));
            else if (Interlocked.Decrement(ref open) == 0)
                done.TrySetResult();
        }

        foreach (var (_, topic, message) in rows)
            producer.Produce(topic, message, Reported);
        return done.Task;
    }
}

using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using Npgsql;
using NpgsqlTypes;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.Benchmarks.Workloads;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>Batches of up to 500 whatever their partition, a transaction each: inbox, upsert of what is new, commit, offsets stored.</summary>
internal sealed class PlainConsumer(Stage stage)
{
    private const int BatchRows = 500;

    /// <summary>When the first batch was begun.</summary>
    public long Began { get; private set; }

    /// <summary>The processor time at the same moment.</summary>
    public Cost CostAtBegin { get; private set; }

    /// <summary>Called with the ids of each batch after its commit.</summary>
    public Action<IReadOnlyList<string>>? Committed { get; init; }

    /// <summary>Blocks until <paramref name="events"/> are handled.</summary>
    /// <returns>The time of the last commit.</returns>
    public long Run(int events, CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(Clients.Consumer(stage)).Build();
        using var connection = stage.Database.OpenConnection();
        using var inbox = new NpgsqlCommand("INSERT INTO inbox SELECT unnest($1) ON CONFLICT DO NOTHING RETURNING event_id", connection)
        {
            Parameters = { ArrayOf(NpgsqlDbType.Uuid) },
        };
        using var upsert = new NpgsqlCommand(PlainTables.Upsert("effect"), connection)
        {
            Parameters = { ArrayOf(NpgsqlDbType.Text), ArrayOf(NpgsqlDbType.Text), ArrayOf(NpgsqlDbType.Text), ArrayOf(NpgsqlDbType.Double), ArrayOf(NpgsqlDbType.Bigint) },
        };
        inbox.Prepare();
        upsert.Prepare();
        consumer.Subscribe(stage.Topic);
        var batch = new List<ConsumeResult<byte[], byte[]>>(BatchRows);
        var handled = 0;
        while (handled < events)
        {
            Collect(consumer, batch, BatchRows, cancellationToken);
            if (batch.Count == 0)
                continue;
            if (Began == 0)
                (Began, CostAtBegin) = (Stopwatch.GetTimestamp(), Measure.CostNow());
            var read = batch.ConvertAll(result => JsonSerializer.Deserialize(result.Message.Value, PlainReadJson.Default.PlainRead)!.Data);
            using (var transaction = connection.BeginTransaction())
            {
                var fresh = Accept(inbox, read);
                if (fresh.Count > 0)
                    Apply(upsert, fresh);
                transaction.Commit();
                handled += fresh.Count;
                Committed?.Invoke(fresh.ConvertAll(e => e.InferenceId));
            }

            foreach (var result in batch.GroupBy(result => result.Partition.Value).Select(partition => partition.Last()))
                consumer.StoreOffset(result);
        }

        var ended = Stopwatch.GetTimestamp();
        consumer.Close();
        return ended;
    }

    /// <summary>Takes what is there, once anything is.</summary>
    public static void Collect(IConsumer<byte[], byte[]> consumer, List<ConsumeResult<byte[], byte[]>> batch, int limit, CancellationToken cancellationToken)
    {
        batch.Clear();
        cancellationToken.ThrowIfCancellationRequested();
        var next = consumer.Consume(TimeSpan.FromMilliseconds(100));
        while (next is not null)
        {
            batch.Add(next);
            next = batch.Count < limit ? consumer.Consume(TimeSpan.Zero) : null;
        }
    }

    private static List<PlainRead.Inference> Accept(NpgsqlCommand inbox, List<PlainRead.Inference> read)
    {
        inbox.Parameters[0].Value = read.ConvertAll(e => e.SyncMetadata.EventId).ToArray();
        var added = new HashSet<Guid>(read.Count);
        using (var reader = inbox.ExecuteReader())
        {
            while (reader.Read())
                added.Add(reader.GetGuid(0));
        }

        return added.Count == read.Count ? read : read.FindAll(e => added.Remove(e.SyncMetadata.EventId));
    }

    private static void Apply(NpgsqlCommand upsert, List<PlainRead.Inference> fresh)
    {
        upsert.Parameters[0].Value = fresh.ConvertAll(e => e.InferenceId).ToArray();
        upsert.Parameters[1].Value = fresh.ConvertAll(e => e.TenantId).ToArray();
        upsert.Parameters[2].Value = fresh.ConvertAll(e => e.ModelId).ToArray();
        upsert.Parameters[3].Value = fresh.ConvertAll(e => e.Confidence).ToArray();
        upsert.Parameters[4].Value = fresh.ConvertAll(e => e.InferenceTimeMs).ToArray();
        upsert.ExecuteNonQuery();
    }

    private static NpgsqlParameter ArrayOf(NpgsqlDbType element) => new() { NpgsqlDbType = NpgsqlDbType.Array | element };
}

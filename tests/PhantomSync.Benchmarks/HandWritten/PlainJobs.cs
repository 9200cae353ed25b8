using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using Npgsql;
using NpgsqlTypes;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.Benchmarks.Workloads;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>
/// Batches of up to 500 whatever their partition, a transaction each: inbox, instances locked and read, steps taken in memory,
/// instances upserted, history and outgoing events inserted, one statement for each; commit, offsets stored.
/// </summary>
internal sealed class PlainJobs(Stage stage)
{
    public const string Script =
        $"""
        CREATE TABLE inbox (event_id uuid PRIMARY KEY);
        CREATE TABLE job (id uuid PRIMARY KEY, version int NOT NULL, state text NOT NULL, tenant_id text NOT NULL);
        CREATE TABLE history (
            id uuid NOT NULL, version int NOT NULL, from_state text NOT NULL, to_state text NOT NULL, event text NOT NULL, event_id uuid NOT NULL,
            at timestamptz NOT NULL, PRIMARY KEY (id, version));
        {PlainTables.Outbox}
        """;

    private const int BatchRows = 500;

    private static readonly Dictionary<(string From, string Event), string> Steps = new()
    {
        [("Initial", "JobQueued")] = "Queued",
        [("Queued", "JobStarted")] = "Running",
        [("Running", "JobProgressed")] = "Finishing",
        [("Finishing", "JobDone")] = "Final",
    };

    public long Began { get; private set; }

    public Cost CostAtBegin { get; private set; }

    /// <summary>Blocks until <paramref name="events"/> are handled.</summary>
    /// <returns>The time of the last commit.</returns>
    public long Run(int events, CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(Clients.Consumer(stage)).Build();
        using var connection = stage.Database.OpenConnection();
        using var inbox = Prepared(connection, "INSERT INTO inbox SELECT unnest($1) ON CONFLICT DO NOTHING RETURNING event_id", NpgsqlDbType.Uuid);
        using var select = Prepared(connection, "SELECT id, version, state FROM job WHERE id = ANY($1) ORDER BY id FOR UPDATE", NpgsqlDbType.Uuid);
        using var upsert = Prepared(
            connection,
            "INSERT INTO job SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state",
            NpgsqlDbType.Uuid, NpgsqlDbType.Integer, NpgsqlDbType.Text, NpgsqlDbType.Text);
        using var history = Prepared(
            connection,
            "INSERT INTO history SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)",
            NpgsqlDbType.Uuid, NpgsqlDbType.Integer, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Uuid, NpgsqlDbType.TimestampTz);
        using var outbox = Prepared(
            connection,
            "INSERT INTO outbox (topic, key, event_type, event_id, tenant_id, idempotency_key, body) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)",
            NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Uuid, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bytea);
        consumer.Subscribe(stage.Topic);
        var batch = new List<ConsumeResult<byte[], byte[]>>(BatchRows);
        var handled = 0;
        while (handled < events)
        {
            PlainConsumer.Collect(consumer, batch, BatchRows, cancellationToken);
            if (batch.Count == 0)
                continue;
            if (Began == 0)
                (Began, CostAtBegin) = (Stopwatch.GetTimestamp(), Measure.CostNow());
            var read = batch.ConvertAll(result => JsonSerializer.Deserialize(result.Message.Value, PlainJobJson.Default.PlainJob)!);
            using (var transaction = connection.BeginTransaction())
            {
                var fresh = Accept(inbox, read);
                if (fresh.Count > 0)
                    Apply(fresh, select, upsert, history, outbox);
                transaction.Commit();
                handled += fresh.Count;
            }

            foreach (var result in batch.GroupBy(result => result.Partition.Value).Select(partition => partition.Last()))
                consumer.StoreOffset(result);
        }

        var ended = Stopwatch.GetTimestamp();
        consumer.Close();
        return ended;
    }

    private static List<PlainJob> Accept(NpgsqlCommand inbox, List<PlainJob> read)
    {
        inbox.Parameters[0].Value = read.ConvertAll(e => e.Data.SyncMetadata.EventId).ToArray();
        var added = new HashSet<Guid>(read.Count);
        using (var reader = inbox.ExecuteReader())
        {
            while (reader.Read())
                added.Add(reader.GetGuid(0));
        }

        return added.Count == read.Count ? read : read.FindAll(e => added.Remove(e.Data.SyncMetadata.EventId));
    }

    private void Apply(List<PlainJob> fresh, NpgsqlCommand select, NpgsqlCommand upsert, NpgsqlCommand history, NpgsqlCommand outbox)
    {
        var jobs = new Dictionary<Guid, (int Version, string State, string Tenant)>(fresh.Count);
        select.Parameters[0].Value = fresh.Select(e => e.Data.JobId).Distinct().ToArray();
        using (var reader = select.ExecuteReader())
        {
            while (reader.Read())
                jobs[reader.GetGuid(0)] = (reader.GetInt32(1), reader.GetString(2), "");
        }

        var now = TimeProvider.System.GetUtcNow();
        var text = now.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        var steps = new List<(PlainJob Event, int Version, string From, string To)>(fresh.Count);
        var notices = new List<PlainJob>(fresh.Count);
        foreach (var e in fresh)
        {
            var (version, from, _) = jobs.GetValueOrDefault(e.Data.JobId, (0, "Initial", ""));
            var to = Steps[(from, e.EventType)];
            jobs[e.Data.JobId] = (version + 1, to, e.Data.TenantId);
            steps.Add((e, version + 1, from, to));
            var id = Guid.CreateVersion7(now);
            notices.Add(new PlainJob("JobNoticed", new PlainJob.Job(e.Data.TenantId, e.Data.JobId, e.Data.Details, new PlainEvent.Metadata(
                id, "benchmark", "1.0.0", text, e.Data.SyncMetadata.EventId, e.Data.SyncMetadata.EventId, e.Data.TenantId, $"benchmark:{id}", 0, "Immediate"))));
        }

        Fill(upsert, jobs.Keys.ToArray(), jobs.Values.Select(job => job.Version).ToArray(), jobs.Values.Select(job => job.State).ToArray(), jobs.Values.Select(job => job.Tenant).ToArray());
        Fill(
            history,
            steps.Select(step => step.Event.Data.JobId).ToArray(),
            steps.Select(step => step.Version).ToArray(),
            steps.Select(step => step.From).ToArray(),
            steps.Select(step => step.To).ToArray(),
            steps.Select(step => step.Event.EventType).ToArray(),
            steps.Select(step => step.Event.Data.SyncMetadata.EventId).ToArray(),
            steps.Select(_ => now.UtcDateTime).ToArray());
        Fill(
            outbox,
            notices.Select(_ => stage.Topic + ".notices").ToArray(),
            notices.Select(notice => $"{notice.Data.TenantId}:{notice.Data.JobId}").ToArray(),
            notices.Select(notice => notice.EventType).ToArray(),
            notices.Select(notice => notice.Data.SyncMetadata.EventId).ToArray(),
            notices.Select(notice => notice.Data.SyncMetadata.TenantId).ToArray(),
            notices.Select(notice => notice.Data.SyncMetadata.IdempotencyKey).ToArray(),
            notices.Select(notice => JsonSerializer.SerializeToUtf8Bytes(notice, PlainJobJson.Default.PlainJob)).ToArray());
    }

    private static void Fill(NpgsqlCommand command, params Array[] columns)
    {
        for (var i = 0; i < columns.Length; i++)
            command.Parameters[i].Value = columns[i];
        command.ExecuteNonQuery();
    }

    private static NpgsqlCommand Prepared(NpgsqlConnection connection, string sql, params NpgsqlDbType[] columns)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var column in columns)
            command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | column });
        command.Prepare();
        return command;
    }
}

/// <summary>The record as a team that knows only these events would write and read it.</summary>
internal sealed record PlainJob(string EventType, PlainJob.Job Data)
{
    internal sealed record Job(string TenantId, Guid JobId, string Details, PlainEvent.Metadata SyncMetadata);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PlainJob))]
internal sealed partial class PlainJobJson : JsonSerializerContext;

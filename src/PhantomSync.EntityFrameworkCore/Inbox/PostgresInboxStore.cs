using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>
/// The inbox on PostgreSQL: one table in a partition per generation. Its statements are planned anew for each batch, which
/// costs a third of a millisecond and spares the plan made for an empty table from being used on a full one. Keys are looked up
/// one by one in the index: given all at once, the planner reads the whole table up to some hundred thousand entries.
/// </summary>
internal sealed class PostgresInboxStore(InboxTables tables) : IInboxStore
{
    private readonly string _accept =
        $"""
        WITH seen AS MATERIALIZED (
            SELECT i.key, i.fingerprint FROM unnest($2) AS k(key) CROSS JOIN LATERAL (
                SELECT key, fingerprint FROM {tables.Inbox} WHERE consumer = $1 AND key = k.key OFFSET 0) i
        ), added AS (
            INSERT INTO {tables.Inbox} (generation, consumer, key, fingerprint)
            SELECT g.current, $1, k.key, k.fingerprint
            FROM unnest($2, $3) AS k(key, fingerprint), {tables.Generation} g
            WHERE NOT EXISTS (SELECT FROM seen WHERE seen.key = k.key)
            ON CONFLICT DO NOTHING
            RETURNING 1
        )
        SELECT NULL::uuid, count(*) FROM added
        UNION ALL
        SELECT key, fingerprint FROM seen
        """;

    private readonly string _blocked = $"SELECT key_hash FROM {tables.DeadLetter} WHERE source = $1 AND key_hash = ANY($2) AND {DeadLetterTable.Holding} FOR SHARE";

    private readonly string _find =
        $"""
        SELECT i.key FROM unnest($2) AS k(key) CROSS JOIN LATERAL (
            SELECT key FROM {tables.Inbox} WHERE consumer = $1 AND key = k.key OFFSET 0) i
        """;

    private readonly string _lookUp = $"SELECT key, fingerprint FROM {tables.Inbox} WHERE consumer = $1 AND key = ANY($2)";

    public async Task CreateSchemaAsync(DbContext context, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(context, cancellationToken);
        await using (var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = tables.Generation } } })
        {
            if (await exists.ExecuteScalarAsync(cancellationToken) is true)
                return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // CREATE … IF NOT EXISTS is not safe against itself: hosts that start together take turns.
        await using var command = new NpgsqlCommand(
            $"""
            SELECT pg_advisory_xact_lock(({(long)StableHash.Of("inbox"u8)})::bigint # hashtext('{tables.Inbox.Replace("'", "''", StringComparison.Ordinal)}')::bigint);
            {(tables.Schema is null ? "" : $"CREATE SCHEMA IF NOT EXISTS {tables.Schema};")}
            CREATE TABLE IF NOT EXISTS {tables.Consumer} (
                id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name text NOT NULL UNIQUE
            );
            CREATE TABLE IF NOT EXISTS {tables.Inbox} (
                key uuid NOT NULL,
                fingerprint bigint NOT NULL,
                generation int NOT NULL,
                consumer smallint NOT NULL,
                PRIMARY KEY (consumer, key, generation)
            ) PARTITION BY LIST (generation);
            CREATE TABLE IF NOT EXISTS {tables.Partition(1)} PARTITION OF {tables.Inbox} FOR VALUES IN (1);
            CREATE TABLE IF NOT EXISTS {tables.Generation} (
                current int NOT NULL,
                oldest int NOT NULL,
                begun_at timestamptz NOT NULL
            );
            INSERT INTO {tables.Generation} SELECT 1, 1, now() WHERE NOT EXISTS (SELECT FROM {tables.Generation});
            """,
            connection,
            transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<short> RegisterAsync(DbContext context, string consumer, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(context, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
            INSERT INTO {tables.Consumer} (name) SELECT $1 WHERE NOT EXISTS (SELECT FROM {tables.Consumer} WHERE name = $1) ON CONFLICT DO NOTHING;
            """,
            connection)
        { Parameters = { new() { Value = consumer } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
        await using var read = new NpgsqlCommand($"SELECT id FROM {tables.Consumer} WHERE name = $1", connection) { Parameters = { new() { Value = consumer } } };
        return (short)(await read.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<InboxVerdict[]> AcceptAsync(DbContext context, short consumer, string group, InboxEntry[] entries, CancellationToken cancellationToken)
    {
        var keys = new Guid[entries.Length];
        var fingerprints = new long[entries.Length];
        var hashes = new long[entries.Length];
        for (var i = 0; i < entries.Length; i++)
            (keys[i], fingerprints[i], hashes[i]) = (entries[i].Key, entries[i].Fingerprint, entries[i].PartitionKeyHash);

        var connection = await OpenAsync(context, cancellationToken);
        var known = new Dictionary<Guid, long>();
        var blocked = new HashSet<long>();
        long added = 0;
        await using (var batch = new NpgsqlBatch(connection, (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction()))
        {
            batch.BatchCommands.Add(Command(_accept, consumer, keys, fingerprints));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(_blocked)
            {
                Parameters = { new() { Value = group }, new() { Value = hashes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
            });
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                if (await reader.IsDBNullAsync(0, cancellationToken))
                    added = reader.GetInt64(1);
                else
                    known[reader.GetGuid(0)] = reader.GetInt64(1);
            }

            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                blocked.Add(reader.GetInt64(0));
        }

        if (known.Count + added < entries.Length)
            await AddConcurrentAsync(connection, consumer, entries, known, added, cancellationToken);
        return Verdicts.Of(entries, known, blocked);
    }

    public async Task<HashSet<Guid>> FindAsync(DbContext context, short consumer, Guid[] keys, CancellationToken cancellationToken)
    {
        var found = new HashSet<Guid>();
        var connection = await OpenAsync(context, cancellationToken);
        await using var command = new NpgsqlCommand(_find, connection) { Parameters = { new() { Value = consumer }, new() { Value = keys } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            found.Add(reader.GetGuid(0));
        return found;
    }

    public async Task<bool> RotateAsync(DbContext context, TimeSpan retention, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(context, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        int current, oldest;
        await using (var due = new NpgsqlCommand($"SELECT current, oldest FROM {tables.Generation} WHERE begun_at < now() - $1 FOR UPDATE", connection, transaction) { Parameters = { new() { Value = retention } } })
        {
            await using var reader = await due.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
                return false;
            (current, oldest) = (reader.GetInt32(0), reader.GetInt32(1));
        }

        // The lock waits for every batch in hand and holds up the next: none adds to the old generation while another adds to the
        // new. Giving up after a second leaves the batches their pace; the next round tries again.
        var script = $"SET LOCAL lock_timeout = '1s'; LOCK TABLE {tables.Inbox} IN ACCESS EXCLUSIVE MODE;"
            + $"CREATE TABLE {tables.Partition(current + 1)} PARTITION OF {tables.Inbox} FOR VALUES IN ({current + 1});"
            + string.Concat(Enumerable.Range(oldest, current - oldest).Select(generation => $"DROP TABLE {tables.Partition(generation)};"))
            + $"UPDATE {tables.Generation} SET oldest = current, current = current + 1, begun_at = now();";
        await using (var rotate = new NpgsqlCommand(script, connection, transaction))
            await rotate.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Finds the entries that were neither there before nor added: repeated in the batch, or added by another owner of the partition meanwhile.</summary>
    private async Task AddConcurrentAsync(NpgsqlConnection connection, short consumer, InboxEntry[] entries, Dictionary<Guid, long> known, long added, CancellationToken cancellationToken)
    {
        var missing = entries.Where(entry => !known.ContainsKey(entry.Key)).Select(entry => entry.Key).Distinct().ToArray();
        if (missing.Length == added)
            return;

        // All of these are in the table now, ours among them; what stood there before us cannot be told apart by content alone,
        // so ask which rows this transaction did not write.
        await using var command = new NpgsqlCommand($"{_lookUp} AND xmin::text::bigint <> (pg_current_xact_id()::text::bigint & 4294967295)", connection)
        {
            Parameters = { new() { Value = consumer }, new() { Value = missing, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            known[reader.GetGuid(0)] = reader.GetInt64(1);
    }

    private static NpgsqlBatchCommand Command(string sql, short consumer, Guid[] keys, long[] fingerprints) => new(sql)
    {
        Parameters =
        {
            new() { Value = consumer },
            new() { Value = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = fingerprints, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        },
    };

    private static async Task<NpgsqlConnection> OpenAsync(DbContext context, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        if (connection.State != ConnectionState.Open)
            await context.Database.OpenConnectionAsync(cancellationToken);
        return connection;
    }
}

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
/// The inbox on PostgreSQL: one table in a partition per generation. What is new goes in with one statement that has one good plan,
/// so it may be prepared: the generation at hand decides by its index alone, and the one before, to which nothing is added any
/// more, is asked key by key. Only what was there already is looked up, and that is planned anew each time: a plan made for an
/// empty table would read a full one from end to end.
/// </summary>
internal sealed class PostgresInboxStore(InboxTables tables) : IInboxStore
{
    private readonly string _accept =
        $"""
        INSERT INTO {tables.Inbox} (generation, consumer, key, fingerprint)
        SELECT g.current, $1, k.key, k.fingerprint
        FROM unnest($2, $3) AS k(key, fingerprint), (SELECT current, oldest FROM {tables.Generation} LIMIT 1) g
        WHERE g.oldest = g.current OR NOT EXISTS (
            SELECT FROM {tables.Inbox} i WHERE i.consumer = $1 AND i.key = k.key AND i.generation < g.current OFFSET 0)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>All of these are in the table now, ours among them; what stood there before is what this transaction did not write.</summary>
    private readonly string _lookUp =
        $"""
        SELECT i.key, i.fingerprint FROM unnest($2) AS k(key) CROSS JOIN LATERAL (
            SELECT key, fingerprint FROM {tables.Inbox}
            WHERE consumer = $1 AND key = k.key AND xmin::text::bigint <> (pg_current_xact_id()::text::bigint & 4294967295) OFFSET 0) i
        """;

    private readonly string _find =
        $"""
        SELECT i.key FROM unnest($2) AS k(key) CROSS JOIN LATERAL (
            SELECT key FROM {tables.Inbox} WHERE consumer = $1 AND key = k.key OFFSET 0) i
        """;

    private readonly string _blocked = $"SELECT key_hash FROM {tables.DeadLetter} WHERE source = $1 AND key_hash IN (SELECT unnest($2)) AND {DeadLetterTable.Holding} FOR SHARE";

    public async Task CreateSchemaAsync(DbContext context, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(context, cancellationToken);
        await using (var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = tables.Generation } } })
        {
            if (await exists.ExecuteScalarAsync(cancellationToken) is true)
            {
                await AddSeenAtAsync(connection, cancellationToken);
                return;
            }
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
                seen_at timestamptz DEFAULT now(),
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
        var blocked = new HashSet<long>();
        await using var batch = new NpgsqlBatch(connection, Transaction(context))
        {
            BatchCommands =
            {
                new(_accept) { Parameters = { new() { Value = consumer }, Of(NpgsqlDbType.Uuid, keys), Of(NpgsqlDbType.Bigint, fingerprints) } },
                new(_blocked) { Parameters = { new() { Value = group }, Of(NpgsqlDbType.Bigint, hashes) } },
            },
        };
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                blocked.Add(reader.GetInt64(0));
        }

        var known = batch.BatchCommands[0].RecordsAffected == entries.Length ? [] : await KnownAsync(connection, Transaction(context), consumer, keys, cancellationToken);
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

    public async Task<InboxSighting?> SightingAsync(DbContext context, string consumer, Guid key, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(context, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"SELECT seen_at FROM {tables.Inbox} WHERE consumer = (SELECT id FROM {tables.Consumer} WHERE name = $1) AND key = $2", connection)
        {
            Parameters = { new() { Value = consumer }, new() { Value = key } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return new InboxSighting(await reader.IsDBNullAsync(0, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(0));
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

    /// <summary>The entries that were not added: there before, repeated in the batch, or added by another owner of the partition meanwhile.</summary>
    private async Task<Dictionary<Guid, long>> KnownAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, short consumer, Guid[] keys, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("SET LOCAL plan_cache_mode = force_custom_plan"),
                new(_lookUp) { Parameters = { new() { Value = consumer }, Of(NpgsqlDbType.Uuid, keys) } },
                new("SET LOCAL plan_cache_mode TO DEFAULT"),
            },
        };
        var known = new Dictionary<Guid, long>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            known[reader.GetGuid(0)] = reader.GetInt64(1);
        return known;
    }

    private static NpgsqlParameter Of(NpgsqlDbType element, Array value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | element };

    private static NpgsqlTransaction? Transaction(DbContext context) => (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction();

    /// <summary>A table of an earlier release gets the column. What is in it says nothing of when it came: the default is for what follows.</summary>
    private async Task AddSeenAtAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var has = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = 'seen_at' AND NOT attisdropped)", connection)
        {
            Parameters = { new() { Value = tables.Inbox } },
        })
        {
            if (await has.ExecuteScalarAsync(cancellationToken) is true)
                return;
        }

        // What waits for the table stands in the way of every batch.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var add = new NpgsqlCommand(
            $"SET LOCAL lock_timeout = '1s'; ALTER TABLE {tables.Inbox} ADD COLUMN IF NOT EXISTS seen_at timestamptz; ALTER TABLE {tables.Inbox} ALTER COLUMN seen_at SET DEFAULT now()",
            connection,
            transaction);
        await add.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<NpgsqlConnection> OpenAsync(DbContext context, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        if (connection.State != ConnectionState.Open)
            await context.Database.OpenConnectionAsync(cancellationToken);
        return connection;
    }
}

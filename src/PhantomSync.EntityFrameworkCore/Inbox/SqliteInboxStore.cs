using System.Data;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>The inbox on SQLite: a table per generation. There is one writer at a time, so nothing happens between two statements.</summary>
internal sealed class SqliteInboxStore(InboxTables tables, TimeProvider time) : IInboxStore
{
    public async Task CreateSchemaAsync(DbContext context, CancellationToken cancellationToken)
    {
        // The generations' tables come and go: what was made once is not made again.
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await using (var exists = Command(context, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'inbox_generation'"))
        {
            if (await exists.ExecuteScalarAsync(cancellationToken) is > 0L)
            {
                await AddSeenAtAsync(context, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return;
            }
        }

        await using var command = Command(
            context,
            $"""
            CREATE TABLE IF NOT EXISTS {tables.Consumer} (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
            CREATE TABLE IF NOT EXISTS {tables.Generation} (current INTEGER NOT NULL, oldest INTEGER NOT NULL, begun_at INTEGER NOT NULL);
            INSERT INTO {tables.Generation} SELECT 1, 1, @now WHERE NOT EXISTS (SELECT 1 FROM {tables.Generation});
            {TableScript(1)}
            """);
        command.Parameters.AddWithValue("now", time.GetUtcNow().ToUnixTimeSeconds());
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<short> RegisterAsync(DbContext context, string consumer, CancellationToken cancellationToken)
    {
        await OpenAsync(context, cancellationToken);
        await using var command = Command(
            context,
            $"INSERT INTO {tables.Consumer} (name) VALUES (@name) ON CONFLICT (name) DO NOTHING; SELECT id FROM {tables.Consumer} WHERE name = @name");
        command.Parameters.AddWithValue("name", consumer);
        return Convert.ToInt16(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    public async Task<InboxVerdict[]> AcceptAsync(DbContext context, short consumer, string group, InboxEntry[] entries, CancellationToken cancellationToken)
    {
        await OpenAsync(context, cancellationToken);
        var (current, oldest) = await GenerationsAsync(context, cancellationToken);
        var known = new Dictionary<Guid, long>();
        var added = new HashSet<Guid>();
        await using var insert = Command(context, $"INSERT INTO {tables.Partition(current)} (consumer, key, fingerprint) VALUES (@consumer, @key, @fingerprint) ON CONFLICT DO NOTHING");
        await using var find = FindCommand(context, current, oldest);
        var key = new SqliteParameter("key", SqliteType.Blob);
        var fingerprint = new SqliteParameter("fingerprint", SqliteType.Integer);
        var sameKey = new SqliteParameter("key", SqliteType.Blob);
        insert.Parameters.AddRange([new SqliteParameter("consumer", consumer), key, fingerprint]);
        find.Parameters.AddRange([new SqliteParameter("consumer", consumer), sameKey]);
        foreach (var entry in entries)
        {
            if (added.Contains(entry.Key))
                continue;
            key.Value = sameKey.Value = entry.Key.ToByteArray(bigEndian: true);
            fingerprint.Value = entry.Fingerprint;
            if (current > oldest && await find.ExecuteScalarAsync(cancellationToken) is long before)
                known[entry.Key] = before;
            else if (await insert.ExecuteNonQueryAsync(cancellationToken) > 0)
                added.Add(entry.Key);
            else
                known[entry.Key] = (long)(await find.ExecuteScalarAsync(cancellationToken))!;
        }

        return Verdicts.Of(entries, known, await BlockedAsync(context, group, cancellationToken));
    }

    public async Task<HashSet<Guid>> FindAsync(DbContext context, short consumer, Guid[] keys, CancellationToken cancellationToken)
    {
        await OpenAsync(context, cancellationToken);
        var (current, oldest) = await GenerationsAsync(context, cancellationToken);
        await using var find = FindCommand(context, current, oldest);
        var key = new SqliteParameter("key", SqliteType.Blob);
        find.Parameters.AddRange([new SqliteParameter("consumer", consumer), key]);
        var found = new HashSet<Guid>();
        foreach (var wanted in keys)
        {
            key.Value = wanted.ToByteArray(bigEndian: true);
            if (await find.ExecuteScalarAsync(cancellationToken) is not null)
                found.Add(wanted);
        }

        return found;
    }

    public async Task<InboxSighting?> SightingAsync(DbContext context, string consumer, Guid key, CancellationToken cancellationToken)
    {
        await OpenAsync(context, cancellationToken);
        var (current, oldest) = await GenerationsAsync(context, cancellationToken);
        await using var find = FindCommand(context, current, oldest, "seen_at", $"(SELECT id FROM {tables.Consumer} WHERE name = @consumer)");
        find.Parameters.AddRange([new SqliteParameter("consumer", consumer), new SqliteParameter("key", key.ToByteArray(bigEndian: true))]);
        return await find.ExecuteScalarAsync(cancellationToken) switch
        {
            null => null,
            long seconds => new InboxSighting(DateTimeOffset.FromUnixTimeSeconds(seconds)),
            _ => new InboxSighting(null),
        };
    }

    public async Task<bool> RotateAsync(DbContext context, TimeSpan retention, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        await using var due = Command(context, $"SELECT count(*) FROM {tables.Generation} WHERE begun_at < @limit");
        due.Parameters.AddWithValue("limit", (now - retention).ToUnixTimeSeconds());
        if (await due.ExecuteScalarAsync(cancellationToken) is 0L)
            return false;
        var (current, oldest) = await GenerationsAsync(context, cancellationToken);
        await using var rotate = Command(
            context,
            TableScript(current + 1)
            + string.Concat(Enumerable.Range(oldest, current - oldest).Select(generation => $"DROP TABLE {tables.Partition(generation)};"))
            + $"UPDATE {tables.Generation} SET oldest = current, current = current + 1, begun_at = @now");
        rotate.Parameters.AddWithValue("now", now.ToUnixTimeSeconds());
        await rotate.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private string TableScript(int generation) =>
        $"""
        CREATE TABLE IF NOT EXISTS {tables.Partition(generation)} (
            consumer INTEGER NOT NULL, key BLOB NOT NULL, fingerprint INTEGER NOT NULL, seen_at INTEGER DEFAULT (unixepoch()), PRIMARY KEY (consumer, key)
        ) WITHOUT ROWID;
        """;

    private async Task<HashSet<long>> BlockedAsync(DbContext context, string group, CancellationToken cancellationToken)
    {
        var blocked = new HashSet<long>();
        await using var command = Command(context, $"SELECT key_hash FROM {tables.DeadLetter} WHERE source = @group AND {DeadLetterTable.Holding}");
        command.Parameters.AddWithValue("group", group);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            blocked.Add(reader.GetInt64(0));
        return blocked;
    }

    private async Task<(int Current, int Oldest)> GenerationsAsync(DbContext context, CancellationToken cancellationToken)
    {
        await using var command = Command(context, $"SELECT current, oldest FROM {tables.Generation}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    private SqliteCommand FindCommand(DbContext context, int current, int oldest, string column = "fingerprint", string consumer = "@consumer") => Command(
        context,
        string.Join(" UNION ALL ", Enumerable.Range(oldest, current - oldest + 1).Select(generation => $"SELECT {column} FROM {tables.Partition(generation)} WHERE consumer = {consumer} AND key = @key")));

    /// <summary>Tables of an earlier release get the column; what is added to those it says nothing of, until the next generation.</summary>
    private async Task AddSeenAtAsync(DbContext context, CancellationToken cancellationToken)
    {
        var (current, oldest) = await GenerationsAsync(context, cancellationToken);
        foreach (var table in Enumerable.Range(oldest, current - oldest + 1).Select(tables.Partition))
        {
            await using var has = Command(context, "SELECT count(*) FROM pragma_table_info(trim(@table, '\"')) WHERE name = 'seen_at'");
            has.Parameters.AddWithValue("table", table);
            if (await has.ExecuteScalarAsync(cancellationToken) is > 0L)
                continue;
            await using var add = Command(context, $"ALTER TABLE {table} ADD COLUMN seen_at INTEGER");
            await add.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static SqliteCommand Command(DbContext context, string sql) =>
        new(sql, (SqliteConnection)context.Database.GetDbConnection(), (SqliteTransaction?)context.Database.CurrentTransaction?.GetDbTransaction());

    private static async Task OpenAsync(DbContext context, CancellationToken cancellationToken)
    {
        if (context.Database.GetDbConnection().State != ConnectionState.Open)
            await context.Database.OpenConnectionAsync(cancellationToken);
    }
}

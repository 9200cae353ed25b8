using Microsoft.EntityFrameworkCore;

namespace PhantomSync.Registry.Usage;

/// <summary>
/// Adds a micro-batch's tallies to the stored ones: one statement reads the rows of its shard, one writes them all. No row is
/// locked in between; should another have written meanwhile (a worker that lost its partition), nothing is written and the batch
/// is handled again.
/// </summary>
internal abstract class UsageStore(RegistryDbContext registry)
{
    protected RegistryDbContext Registry { get; } = registry;

    public static UsageStore For(RegistryDbContext registry) =>
        registry.Database.IsNpgsql() ? new PostgresUsageStore(registry) : new SqliteUsageStore(registry);

    /// <exception cref="DbUpdateConcurrencyException">Another worker wrote to the same shard meanwhile.</exception>
    public async Task AddAsync(IReadOnlyDictionary<UsageKey, UsageTally> tallies, int shard, CancellationToken cancellationToken)
    {
        var keys = tallies.Keys.Order(UsageKey.Ordinal).ToArray();
        var stored = (await ReadAsync(keys, shard, cancellationToken)).ToDictionary(row => row.Key);
        var rows = Array.ConvertAll(keys, key =>
        {
            var tally = tallies[key];
            if (!stored.TryGetValue(key, out var before))
                return UsageRow.Of(key, shard, 1, tally);
            tally.Add(before.Tally());
            return UsageRow.Of(key, shard, before.Revision + 1, tally);
        });
        var written = await WriteAsync(rows, cancellationToken);
        if (written != rows.Length)
            throw new DbUpdateConcurrencyException($"{rows.Length - written} of {rows.Length} usage rows of shard {shard} were written by another worker meanwhile.");
    }

    protected abstract Task<IReadOnlyList<UsageRow>> ReadAsync(UsageKey[] keys, int shard, CancellationToken cancellationToken);

    /// <summary>Returns how many rows were written; a row is not if the stored one's revision is not the one before its own.</summary>
    protected abstract Task<int> WriteAsync(UsageRow[] rows, CancellationToken cancellationToken);

    /// <summary>The upsert of what <paramref name="source"/> selects, by the columns' order in <see cref="UsageRow"/>.</summary>
    protected static string Upsert(string table, string source) =>
        $"""
        INSERT INTO {table} AS stored (tenant_id, model_id, version, shard, revision, reports, predictions, flagged,
            time_sum, time_min, time_max, time_sketch, confidence_sum, confidence_min, confidence_max, confidence_sketch, last_used_at)
        {source}
        ON CONFLICT (tenant_id, model_id, version, shard) DO UPDATE SET
            revision = excluded.revision, reports = excluded.reports, predictions = excluded.predictions, flagged = excluded.flagged,
            time_sum = excluded.time_sum, time_min = excluded.time_min, time_max = excluded.time_max, time_sketch = excluded.time_sketch,
            confidence_sum = excluded.confidence_sum, confidence_min = excluded.confidence_min, confidence_max = excluded.confidence_max,
            confidence_sketch = excluded.confidence_sketch, last_used_at = excluded.last_used_at
        WHERE stored.revision = excluded.revision - 1
        """;
}

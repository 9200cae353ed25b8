using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace PhantomSync.Registry.Usage;

/// <summary>Usage rows on SQLite: a JSON array of rows, each a JSON array; bytes in hexadecimal, decimals as text as EF Core keeps them.</summary>
internal sealed class SqliteUsageStore(RegistryDbContext registry) : UsageStore(registry)
{
    private const string Read =
        """
        SELECT u.* FROM json_each({0}) k CROSS JOIN model_usage u
        WHERE u.tenant_id = k.value ->> 0 AND u.model_id = k.value ->> 1 AND u.version = k.value ->> 2 AND u.shard = {1}
        """;

    private static readonly string Write = Upsert(
        "model_usage",
        """
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
            value ->> 8, value ->> 9, value ->> 10, unhex(value ->> 11), value ->> 12, value ->> 13, value ->> 14, unhex(value ->> 15), value ->> 16
        FROM json_each({0}) WHERE true
        """);

    protected override async Task<IReadOnlyList<UsageRow>> ReadAsync(UsageKey[] keys, int shard, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(keys.Select(key => new[] { key.TenantId, key.ModelId, key.Version }));
        return await Registry.Usage.FromSqlRaw(Read, json, shard).AsNoTracking().ToListAsync(cancellationToken);
    }

    protected override Task<int> WriteAsync(UsageRow[] rows, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(rows.Select(row => new object?[]
        {
            row.TenantId, row.ModelId, row.Version, row.Shard, row.Revision, row.Reports, Text(row.Predictions), Text(row.Flagged),
            Text(row.TimeSum), row.TimeMin, row.TimeMax, Convert.ToHexString(row.TimeSketch),
            Text(row.ConfidenceSum), row.ConfidenceMin, row.ConfidenceMax, Convert.ToHexString(row.ConfidenceSketch),
            row.LastUsedAt.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        }));
        return Registry.Database.ExecuteSqlRawAsync(Write, [json], cancellationToken);
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using DuckDB.NET.Data;
using PhantomSync.Analytics.Erasing;
using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.DuckDb;

/// <summary>What is erased, in a table beside the others.</summary>
internal static class DuckDbErasures
{
    public static async Task<ErasureList> ReadAsync(DuckDBConnection connection, CancellationToken cancellationToken) => new(await connection.ReadAsync(
        "SELECT id, tenant_id, user_id, before, erased_by, reason, erased_at FROM erasures ORDER BY erased_at, id",
        row => new Erasure
        {
            Id = row.GetGuid(0),
            TenantId = row.GetString(1),
            UserId = row.IsDBNull(2) ? null : row.GetString(2),
            Before = Utc(row.GetDateTime(3)),
            By = row.GetString(4),
            Reason = row.GetString(5),
            ErasedAt = Utc(row.GetDateTime(6)),
        },
        cancellationToken));

    /// <summary>In the caller's transaction.</summary>
    public static async Task<ErasureReceipt> EraseAsync(DuckDBConnection connection, Erasure erasure, CancellationToken cancellationToken)
    {
        foreach (var table in Concerned(erasure))
        {
            if (await connection.ScalarAsync($"SELECT max(timestamp) FROM {table} WHERE {Of(erasure)}", cancellationToken, Values(erasure)) is DateTime last && Utc(last) >= erasure.Before)
                erasure = erasure with { Before = Utc(last).AddMicroseconds(1) };
        }

        var rows = await RemoveAsync(connection, erasure, cancellationToken);
        await connection.RunAsync(
            $"INSERT INTO erasures VALUES ($1, $2, $3, $4, $5, $6, $7, MAP {{{string.Join(", ", rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"'{row.Key}': {row.Value}")))}}})",
            cancellationToken,
            erasure.Id,
            erasure.TenantId,
            erasure.UserId!,
            erasure.Before.UtcDateTime,
            erasure.By,
            erasure.Reason,
            erasure.ErasedAt.UtcDateTime);
        return new ErasureReceipt(erasure, rows);
    }

    /// <summary>Also once more, where rows have come from elsewhere.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> RemoveAsync(DuckDBConnection connection, Erasure erasure, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        object[] values = [.. Values(erasure), erasure.Before.UtcDateTime];
        var which = $"{Of(erasure)} AND timestamp < ${values.Length}";
        foreach (var table in Concerned(erasure))
        {
            var count = Convert.ToInt64(await connection.ScalarAsync($"SELECT count(*) FROM {table} WHERE {which}", cancellationToken, values), CultureInfo.InvariantCulture);
            if (count == 0)
                continue;
            await connection.RunAsync(
                erasure.UserId is null ? $"DELETE FROM {table} WHERE {which}" : $"UPDATE {table} SET user_id = '{Erasure.ErasedUser}' WHERE {which}",
                cancellationToken,
                values);
            rows.Add(table, count);
        }

        return rows;
    }

    private static string[] Concerned(Erasure erasure) => erasure.UserId is null ? DuckDbSchema.TimedTables : [InferenceRow.Table];

    private static string Of(Erasure erasure) => "tenant_id = $1" + (erasure.UserId is null ? "" : " AND user_id = $2");

    private static object[] Values(Erasure erasure) => erasure.UserId is { } user ? [erasure.TenantId, user] : [erasure.TenantId];

    private static DateTimeOffset Utc(DateTime moment) => new(DateTime.SpecifyKind(moment, DateTimeKind.Utc));
}

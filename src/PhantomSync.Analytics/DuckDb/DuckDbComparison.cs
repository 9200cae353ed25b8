using DuckDB.NET.Data;
using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.DuckDb;

/// <summary>What reconciliation asks.</summary>
internal static class DuckDbComparison
{
    public static async Task<IReadOnlyList<(MetricsSlice Slice, SliceSum Sum)>> SumsAsync(
        DuckDBConnection connection, IDuckDbTable table, TimeWindow window, string? tenant, CancellationToken cancellationToken) => await connection.ReadAsync(
        $"""
        SELECT tenant_id, date_trunc('hour', timestamp)::TIMESTAMP AS hour, count(*)::BIGINT,
            (sum(('0x' || left(sha256(concat_ws('|', epoch_us(timestamp), {table.Compared})), 16))::UBIGINT) % 18446744073709551616)::UBIGINT
        FROM {RowsOf(table)}
        WHERE timestamp >= $1 AND timestamp < $2 AND ($3 IS NULL OR tenant_id = $3)
        GROUP BY tenant_id, hour
        """,
        row => (
            new MetricsSlice(table.Name, row.GetString(0), DateTime.SpecifyKind(row.GetDateTime(1), DateTimeKind.Utc)),
            new SliceSum(row.GetInt64(2), row.GetFieldValue<ulong>(3))),
        cancellationToken,
        window.FirstUtc,
        window.EndUtc,
        tenant);

    /// <summary>A job counts once, at its latest report.</summary>
    private static string RowsOf(IDuckDbTable table) => table.Name == TrainingRunRow.Table
        ? $"(SELECT DISTINCT ON (tenant_id, model_id, training_job_id) * FROM {table.Name} ORDER BY tenant_id, model_id, training_job_id, timestamp DESC)"
        : table.Name;
}

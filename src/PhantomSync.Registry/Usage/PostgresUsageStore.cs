using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace PhantomSync.Registry.Usage;

/// <summary>Usage rows on PostgreSQL: an array per column.</summary>
internal sealed class PostgresUsageStore(RegistryDbContext registry) : UsageStore(registry)
{
    private const string Table = "registry.model_usage";

    // LATERAL: a probe of the primary key per row, also when the planner takes the table to be small.
    private const string Read =
        $$"""
        SELECT u.* FROM unnest({0}, {1}, {2}) AS k(tenant_id, model_id, version) CROSS JOIN LATERAL (
            SELECT * FROM {{Table}} u
            WHERE u.tenant_id = k.tenant_id AND u.model_id = k.model_id AND u.version = k.version AND u.shard = {3} OFFSET 0
        ) u
        """;

    private static readonly string Write = Upsert(Table, "SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");

    protected override async Task<IReadOnlyList<UsageRow>> ReadAsync(UsageKey[] keys, int shard, CancellationToken cancellationToken) =>
        await Registry.Usage
            .FromSqlRaw(Read, Array.ConvertAll(keys, key => key.TenantId), Array.ConvertAll(keys, key => key.ModelId), Array.ConvertAll(keys, key => key.Version), shard)
            .AsNoTracking()
            .ToListAsync(cancellationToken);

    protected override async Task<int> WriteAsync(UsageRow[] rows, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)Registry.Database.GetDbConnection();
        await using var command = new NpgsqlCommand(Write, connection, (NpgsqlTransaction?)Registry.Database.CurrentTransaction?.GetDbTransaction());
        NpgsqlParameter[] columns =
        [
            Column(rows, row => row.TenantId), Column(rows, row => row.ModelId), Column(rows, row => row.Version), Column(rows, row => row.Shard),
            Column(rows, row => row.Revision), Column(rows, row => row.Reports), Column(rows, row => row.Predictions), Column(rows, row => row.Flagged),
            Column(rows, row => row.TimeSum), Column(rows, row => row.TimeMin), Column(rows, row => row.TimeMax), Column(rows, row => row.TimeSketch),
            Column(rows, row => row.ConfidenceSum), Column(rows, row => row.ConfidenceMin), Column(rows, row => row.ConfidenceMax), Column(rows, row => row.ConfidenceSketch),
            Column(rows, row => row.LastUsedAt),
        ];
        Array.ForEach(columns, column => command.Parameters.Add(column));
        await Registry.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
        finally
        {
            await Registry.Database.CloseConnectionAsync();
        }
    }

    private static NpgsqlParameter Column<TRow, TValue>(TRow[] rows, Converter<TRow, TValue> value) => new() { Value = Array.ConvertAll(rows, value) };
}

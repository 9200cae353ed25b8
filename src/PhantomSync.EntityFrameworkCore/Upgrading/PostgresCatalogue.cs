using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace PhantomSync.EntityFrameworkCore.Upgrading;

internal sealed class PostgresCatalogue : ICatalogue
{
    /// <summary>System columns fill themselves; xmin can be a concurrency token.</summary>
    private const string Tables =
        """
        WITH wanted AS (
            SELECT w.place, c.oid
            FROM unnest($1, $2) WITH ORDINALITY AS w(schema, name, place)
            JOIN pg_namespace n ON n.nspname = coalesce(w.schema, current_schema())
            JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p', 'v', 'm', 'f'))
        SELECT 'column', w.place, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            a.atthasdef OR a.attidentity <> '' OR a.attnum < 0, NULL::text[], NULL::boolean
        FROM wanted w JOIN pg_attribute a ON a.attrelid = w.oid AND NOT a.attisdropped
        UNION ALL
        SELECT 'index', w.place, i.relname::text, NULL, x.indisunique, x.indisprimary,
            ARRAY(SELECT a.attname::text
                FROM unnest(x.indkey) WITH ORDINALITY AS k(number, place)
                LEFT JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum = k.number
                WHERE k.place <= x.indnkeyatts ORDER BY k.place), x.indisvalid
        FROM wanted w JOIN pg_index x ON x.indrelid = w.oid JOIN pg_class i ON i.oid = x.indexrelid
        UNION ALL
        SELECT 'constraint', w.place, c.conname::text, NULL, NULL, NULL, NULL, NULL
        FROM wanted w JOIN pg_constraint c ON c.conrelid = w.oid
        """;

    public bool AddsConstraints => true;

    public async Task<IReadOnlyDictionary<ITable, FoundTable>> ReadAsync(DbContext context, IReadOnlyList<ITable> tables, CancellationToken cancellationToken)
    {
        await using var command = Command(context, Tables);
        command.Parameters.Add(new NpgsqlParameter<string?[]> { TypedValue = [.. tables.Select(table => table.Schema)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. tables.Select(table => table.Name)] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<ITable, FoundTable>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var table = tables[(int)reader.GetInt64(1) - 1];
            if (!found.TryGetValue(table, out var entry))
                found[table] = entry = new FoundTable();
            var name = reader.GetString(2);
            switch (reader.GetString(0))
            {
                case "column":
                    entry.Columns[name] = new FoundColumn(reader.GetString(3), reader.GetBoolean(4), reader.GetBoolean(5));
                    break;
                case "index":
                    var columns = reader.GetFieldValue<string?[]>(6);
                    entry.Indexes[name] = new FoundIndex(reader.GetBoolean(4), columns, reader.GetBoolean(7));
                    if (reader.GetBoolean(5))
                        entry.PrimaryKey = columns;
                    break;
                default:
                    entry.Constraints.Add(name);
                    break;
            }
        }

        return found;
    }

    /// <summary>The server knows every alias, and what a length or precision left out means.</summary>
    public async Task<bool> IsSameTypeAsync(DbContext context, string one, string other, CancellationToken cancellationToken)
    {
        if (one == other)
            return true;
        await using var command = Command(context, $"SELECT NULL::{one}, NULL::{other}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return reader.GetDataTypeName(0) == reader.GetDataTypeName(1);
    }

    private static NpgsqlCommand Command(DbContext context, string sql) =>
        new(sql, (NpgsqlConnection)context.Database.GetDbConnection(), (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction());
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace PhantomSync.EntityFrameworkCore.Upgrading;

internal sealed class SqliteCatalogue : ICatalogue
{
    /// <summary>Constraints stand nowhere but in the text that made the table. A column of the primary key is never null in a row of ours.</summary>
    private const string Tables =
        """
        SELECT 'column', m.name, c.name, c.type, c."notnull" OR c.pk > 0, c.dflt_value IS NOT NULL OR c.hidden > 0, c.pk, NULL
        FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type IN ('table', 'view')
        UNION ALL
        SELECT 'index', m.name, i.name, NULL, i."unique", NULL, NULL,
            (SELECT group_concat(coalesce(name, ''), char(31)) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
        FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table'
        UNION ALL
        SELECT 'table', name, name, sql, NULL, NULL, NULL, NULL FROM sqlite_master WHERE type = 'table'
        """;

    public bool AddsConstraints => false;

    public async Task<IReadOnlyDictionary<ITable, FoundTable>> ReadAsync(DbContext context, IReadOnlyList<ITable> tables, CancellationToken cancellationToken)
    {
        var wanted = tables.ToDictionary(table => table.Name, StringComparer.OrdinalIgnoreCase);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = Tables;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<ITable, FoundTable>();
        var keys = new Dictionary<FoundTable, SortedList<int, string?>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!wanted.TryGetValue(reader.GetString(1), out var table))
                continue;
            if (!found.TryGetValue(table, out var entry))
                found[table] = entry = new FoundTable();
            var name = reader.GetString(2);
            switch (reader.GetString(0))
            {
                case "column":
                    name = AsInModel(name, table.Columns.Select(column => column.Name));
                    entry.Columns[name] = new FoundColumn(reader.GetString(3), reader.GetBoolean(4), reader.GetBoolean(5));
                    if (reader.GetInt32(6) is > 0 and var place)
                        (keys.TryGetValue(entry, out var key) ? key : keys[entry] = []).Add(place, name);
                    break;
                case "index":
                    entry.Indexes[AsInModel(name, table.Indexes.Select(index => index.Name))] = new FoundIndex(
                        reader.GetBoolean(4),
                        [.. reader.GetString(7).Split('\u001f').Select(column => column.Length == 0 ? null : AsInModel(column, table.Columns.Select(c => c.Name)))]);
                    break;
                default:
                    entry.Constraints.UnionWith(Named(table, reader.GetString(3)));
                    break;
            }
        }

        foreach (var (entry, key) in keys)
            entry.PrimaryKey = [.. key.Values];
        return found;
    }

    /// <summary>A column's type says no more than its affinity (section 3.1 of "Datatypes In SQLite").</summary>
    public Task<bool> IsSameTypeAsync(DbContext context, string one, string other, CancellationToken cancellationToken) => Task.FromResult(Affinity(one) == Affinity(other));

    /// <summary>To SQLite upper and lower case are the same in names.</summary>
    private static string AsInModel(string name, IEnumerable<string> names) => names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;

    private static string Affinity(string type)
    {
        bool Has(params string[] parts) => Array.Exists(parts, part => type.Contains(part, StringComparison.OrdinalIgnoreCase));
        return Has("INT") ? "INTEGER"
            : Has("CHAR", "CLOB", "TEXT") ? "TEXT"
            : type.Length == 0 || Has("BLOB") ? "BLOB"
            : Has("REAL", "FLOA", "DOUB") ? "REAL"
            : "NUMERIC";
    }

    private static IEnumerable<string> Named(ITable table, string sql) => table.CheckConstraints.Select(check => check.Name)
        .Concat(table.ForeignKeyConstraints.Select(key => key.Name))
        .Concat(table.UniqueConstraints.Select(unique => unique.Name))
        .OfType<string>()
        .Where(name => sql.Contains($"CONSTRAINT \"{name}\"", StringComparison.OrdinalIgnoreCase) || sql.Contains($"CONSTRAINT {name} ", StringComparison.OrdinalIgnoreCase));
}

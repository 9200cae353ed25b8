using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace PhantomSync.EntityFrameworkCore.Upgrading;

/// <summary>What the model has and the database lacks, and what no adding can mend. Nothing is ever dropped or changed.</summary>
internal sealed class SchemaPlan
{
    private readonly IRelationalModel _model;
    private readonly IReadOnlyDictionary<ITable, FoundTable> _found;
    private readonly bool _addsConstraints;

    /// <param name="model">What is to be.</param>
    /// <param name="fromNothing">The operations that make it in an empty database.</param>
    /// <param name="found">What is there.</param>
    /// <param name="addsConstraints">Whether the database can add a constraint to a table that is there.</param>
    public SchemaPlan(IRelationalModel model, IReadOnlyList<MigrationOperation> fromNothing, IReadOnlyDictionary<ITable, FoundTable> found, bool addsConstraints)
    {
        (_model, _found, _addsConstraints) = (model, found, addsConstraints);
        foreach (var operation in fromNothing)
            Add(operation);
    }

    /// <summary>Adds what is missing, in an order that works.</summary>
    public List<MigrationOperation> Operations { get; } = [];

    /// <summary>Where the database contradicts the model, a sentence each.</summary>
    public List<string> Mismatches { get; } = [];

    /// <summary>Columns whose types are spelt differently; whether they differ only the database can tell.</summary>
    public List<(string Column, string Expected, string Found)> OtherTypes { get; } = [];

    private void Add(MigrationOperation operation)
    {
        switch (operation)
        {
            case EnsureSchemaOperation schema when _model.Tables.Any(table => table.Schema == schema.Name && !table.IsExcludedFromMigrations && !_found.ContainsKey(table)):
                Operations.Add(schema);
                break;
            case CreateTableOperation create when Found(create.Name, create.Schema) is { } found:
                Compare(_model.FindTable(create.Name, create.Schema)!, create, found);
                break;
            case CreateTableOperation create:
                Operations.Add(create);
                break;
            case InsertDataOperation rows when Found(rows.Table, rows.Schema) is null:
                Operations.Add(rows);
                break;
            case CreateIndexOperation index when Found(index.Table, index.Schema)?.Indexes.GetValueOrDefault(index.Name) is { } found:
                Compare(index, found);
                break;
            case CreateIndexOperation index:
                Operations.Add(index);
                break;
            case AddForeignKeyOperation key:
                AddConstraint(key.Table, key.Schema, key.Name, key);
                break;
        }
    }

    private void Compare(ITable table, CreateTableOperation create, FoundTable found)
    {
        foreach (var operation in create.Columns)
        {
            var column = table.FindColumn(operation.Name)!;
            if (!found.Columns.TryGetValue(column.Name, out var there))
            {
                AddColumn(column, operation);
                continue;
            }

            if (there.Type != column.StoreType)
                OtherTypes.Add(($"Column {column.Table.SchemaQualifiedName}.{column.Name}", column.StoreType, there.Type));
            if (there.IsRequired != !column.IsNullable)
                Mismatches.Add($"Column {column.Table.SchemaQualifiedName}.{column.Name} is {(there.IsRequired ? "NOT NULL" : "nullable")}, expected {(column.IsNullable ? "nullable" : "NOT NULL")}.");
        }

        foreach (var (name, column) in found.Columns)
        {
            if (table.FindColumn(name) is null && column is { IsRequired: true, FillsItself: false })
                Mismatches.Add($"Column {table.SchemaQualifiedName}.{name} is NOT NULL, has no default and is not known to this release, which therefore cannot insert a row.");
        }

        var key = create.PrimaryKey?.Columns ?? [];
        if (!key.SequenceEqual(found.PrimaryKey))
            Mismatches.Add($"The primary key of {table.SchemaQualifiedName} is ({string.Join(", ", found.PrimaryKey)}), expected ({string.Join(", ", key)}).");
        foreach (var check in create.CheckConstraints)
            AddConstraint(table.Name, table.Schema, check.Name, check);
        foreach (var unique in create.UniqueConstraints)
            AddConstraint(table.Name, table.Schema, unique.Name, unique);
        foreach (var foreign in create.ForeignKeys)
            AddConstraint(table.Name, table.Schema, foreign.Name, foreign);
    }

    private void Compare(CreateIndexOperation index, FoundIndex found)
    {
        if (index.IsUnique != found.IsUnique || !index.Columns.SequenceEqual(found.Columns))
        {
            Mismatches.Add(
                $"Index {index.Name} of {Name(index.Table, index.Schema)} is {Describe(found.IsUnique, found.Columns)}, expected {Describe(index.IsUnique, index.Columns)}.");
        }
    }

    private void AddColumn(IColumn column, AddColumnOperation operation)
    {
        if (operation.IsStored is true && !_addsConstraints)
        {
            Mismatches.Add($"Column {column.Table.SchemaQualifiedName}.{column.Name} is missing, and SQLite cannot add a stored computed column to a table that is there.");
            return;
        }

        var filled = operation.IsNullable || operation.DefaultValue is not null || operation.DefaultValueSql is not null || operation.ComputedColumnSql is not null
            || operation.GetAnnotations().Any(annotation => annotation.Name.EndsWith("ValueGenerationStrategy", StringComparison.Ordinal));
        if (!filled && (operation.DefaultValue = NaturalValue.Of(column)) is null)
        {
            Mismatches.Add(
                $"Column {column.Table.SchemaQualifiedName}.{column.Name} ({column.StoreType}) is missing and required, and nothing says what the rows that are there hold in it. Give the property HasDefaultValue or HasDefaultValueSql.");
            return;
        }

        Operations.Add(operation);
    }

    private void AddConstraint(string table, string? schema, string? name, MigrationOperation operation)
    {
        if (name is null || (Found(table, schema) is { } found && found.Constraints.Contains(name)))
            return;
        if (_addsConstraints || Found(table, schema) is null)
            Operations.Add(operation);
        else
            Mismatches.Add($"Constraint {name} of {Name(table, schema)} is missing, and SQLite cannot add a constraint to a table that is there.");
    }

    private FoundTable? Found(string name, string? schema) => _model.FindTable(name, schema) is { } table ? _found.GetValueOrDefault(table) : null;

    private static string Describe(bool unique, IEnumerable<string?> columns) =>
        $"{(unique ? "unique" : "not unique")} on ({string.Join(", ", columns.Select(column => column ?? "an expression"))})";

    private static string Name(string table, string? schema) => schema is null ? table : $"{schema}.{table}";
}

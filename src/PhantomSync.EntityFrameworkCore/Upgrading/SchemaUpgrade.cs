using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Upgrading;

/// <summary>Adds to a context's tables what its model has and they lack, in the context's transaction.</summary>
internal sealed class SchemaUpgrade(DbContext context)
{
    private static readonly FailureClassifier Failures = new([new PostgresFailures(), new SqliteFailures()]);

    private readonly IRelationalModel _model = context.GetService<IDesignTimeModel>().Model.GetRelationalModel();
    private readonly ICatalogue _catalogue = context.Database.IsNpgsql() ? new PostgresCatalogue() : new SqliteCatalogue();

    /// <summary>The tables that the context makes.</summary>
    public IReadOnlyList<ITable> Tables => [.. _model.Tables.Where(table => !table.IsExcludedFromMigrations)];

    /// <summary>The first table or column that the model has and the database lacks, for a message; null where all are there.</summary>
    public async Task<string?> FirstMissingAsync(CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            var found = await FindAsync(cancellationToken);
            foreach (var table in Tables)
            {
                if (found.TryGetValue(table, out var there))
                {
                    if (table.Columns.FirstOrDefault(column => !there.Columns.ContainsKey(column.Name)) is { } missing)
                        return $"Column {table.SchemaQualifiedName}.{missing.Name}";
                }
                else if (table.Schema is not null || !context.Database.IsNpgsql())
                {
                    return $"Table {table.SchemaQualifiedName}";
                }

                // Without a schema it may stand elsewhere on PostgreSQL's search path.
            }

            return null;
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }

    /// <exception cref="SchemaMismatchException">What is there contradicts the model, or a statement was refused.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var found = await FindAsync(cancellationToken);
        if (found.Count == 0)
        {
            await context.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(cancellationToken);
            return;
        }

        if (found.Values.SelectMany(table => table.Indexes).FirstOrDefault(index => !index.Value.IsBuilt).Key is { } unbuilt)
            throw new TransientFailureException($"Index {unbuilt} is being built, or was left half-built: if nobody builds it, DROP INDEX {unbuilt}.");
        var plan = await PlanAsync(found, cancellationToken);
        if (plan.Mismatches.Count > 0)
        {
            throw new SchemaMismatchException(
                $"The tables of {context.GetType().Name} do not fit this release, and nothing was changed. {string.Join(' ', plan.Mismatches)} Change them by hand or with a migration.");
        }

        if (plan.Operations.Count == 0)
            return;
        var connection = context.GetService<IRelationalConnection>();
        var timeout = context.Database.GetCommandTimeout();

        // An index on a large table takes its time.
        context.Database.SetCommandTimeout(0);
        foreach (var command in context.GetService<IMigrationsSqlGenerator>().Generate(plan.Operations, _model.Model))
            await ExecuteAsync(command, connection, cancellationToken);
        context.Database.SetCommandTimeout(timeout);
    }

    /// <summary>What the catalogue says of the tables that are there.</summary>
    public Task<IReadOnlyDictionary<ITable, FoundTable>> FindAsync(CancellationToken cancellationToken) => _catalogue.ReadAsync(context, Tables, cancellationToken);

    public async Task<SchemaPlan> PlanAsync(IReadOnlyDictionary<ITable, FoundTable> found, CancellationToken cancellationToken)
    {
        var plan = new SchemaPlan(_model, context.GetService<IMigrationsModelDiffer>().GetDifferences(null, _model), found, _catalogue.AddsConstraints);
        foreach (var (column, expected, there) in plan.OtherTypes)
        {
            if (!await _catalogue.IsSameTypeAsync(context, expected, there, cancellationToken))
                plan.Mismatches.Add($"{column} is of type {there}, expected {expected}.");
        }

        return plan;
    }

    private async Task ExecuteAsync(MigrationCommand command, IRelationalConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await command.ExecuteNonQueryAsync(connection, cancellationToken: cancellationToken);
        }
        catch (DbException exception) when (!Failures.IsTransient(exception))
        {
            throw new SchemaMismatchException(
                $"The tables of {context.GetType().Name} cannot be upgraded, and nothing was changed. {exception.Message} The statement was: {command.CommandText.Trim()}", exception);
        }
    }
}

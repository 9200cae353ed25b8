using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using PhantomSync.EntityFrameworkCore.Upgrading;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Creates and upgrades a context's tables where migrations are not used.</summary>
public static class DatabaseTablesExtensions
{
    /// <summary>
    /// Creates the database and the context's tables if they are not there, and adds to those that are what the model has and they
    /// lack: tables, columns, indexes, on PostgreSQL constraints. Nothing is dropped or changed, and what a later release has
    /// added is left alone. Unlike <c>EnsureCreated</c> it works in a database that has tables of other contexts, and several
    /// hosts may do it at once. Where nothing is missing it costs one look at the catalogue.
    /// </summary>
    /// <exception cref="SchemaMismatchException">
    /// A column has another type or nullability, a primary key or an index other columns; or a statement was refused, such as a
    /// unique index by the rows that are there.
    /// </exception>
    public static async Task EnsureTablesAsync(this DbContext context, CancellationToken cancellationToken = default)
    {
        var creator = (RelationalDatabaseCreator)context.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken))
            await CreateDatabaseAsync(creator, cancellationToken);

        var upgrade = new SchemaUpgrade(context);
        if (upgrade.Tables.Count == 0)
            return;
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (context.Database.IsNpgsql())
        {
            await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext({context.GetType().FullName}))", cancellationToken);

            // Who waits for a table keeps everybody behind him waiting: rather give up and come again.
            await context.Database.ExecuteSqlRawAsync("SET LOCAL lock_timeout = '2s'", cancellationToken);
        }

        await upgrade.RunAsync(cancellationToken);
        foreach (var statement in (context as ITableExtras)?.TableExtras ?? [])
            await context.Database.ExecuteSqlRawAsync(statement, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task CreateDatabaseAsync(RelationalDatabaseCreator creator, CancellationToken cancellationToken)
    {
        try
        {
            await creator.CreateAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another host was quicker.
        }
    }
}

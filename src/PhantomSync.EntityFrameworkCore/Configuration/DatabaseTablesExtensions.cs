using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Creates a context's tables where migrations are not used.</summary>
public static class DatabaseTablesExtensions
{
    /// <summary>
    /// Creates the database and the context's tables if they are not there. Unlike <c>EnsureCreated</c> it does so also in a
    /// database that has tables of other contexts, and several hosts may do it at once.
    /// </summary>
    public static async Task EnsureTablesAsync(this DbContext context, CancellationToken cancellationToken = default)
    {
        var creator = (RelationalDatabaseCreator)context.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken))
            await CreateDatabaseAsync(creator, cancellationToken);

        var tables = context.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.Where(table => !table.IsExcludedFromMigrations).ToArray();
        if (tables.Length == 0)
            return;
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (context.Database.IsNpgsql())
            await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext({context.GetType().FullName}))", cancellationToken);
        if (!await ExistsAsync(context, tables[0].Name, tables[0].Schema, cancellationToken))
            await creator.CreateTablesAsync(cancellationToken);
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

    private static async Task<bool> ExistsAsync(DbContext context, string name, string? schema, CancellationToken cancellationToken)
    {
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = context.Database.IsNpgsql()
            ? "SELECT count(*) FROM pg_tables WHERE tablename = @name AND schemaname = coalesce(@schema, current_schema())"
            : "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = @name";
        Add("name", name);
        if (context.Database.IsNpgsql())
            Add("schema", schema);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture) > 0;

        void Add(string parameterName, string? value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = parameterName;
            parameter.DbType = DbType.String;
            parameter.Value = (object?)value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
    }
}

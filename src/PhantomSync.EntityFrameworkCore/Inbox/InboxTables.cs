using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>The names of the inbox tables in one service's schema, quoted for SQL.</summary>
internal sealed record InboxTables(string? Schema, string Inbox, string Consumer, string Generation, string DeadLetter, string SagaHistory, Func<int, string> Partition)
{
    public static InboxTables Of(DbContext context)
    {
        var schema = context.Model.FindEntityType(typeof(OutboxMessage))?.GetSchema()
            ?? context.Model.GetDefaultSchema();
        var sql = context.GetService<ISqlGenerationHelper>();
        return new InboxTables(
            schema is null ? null : sql.DelimitIdentifier(schema),
            sql.DelimitIdentifier("inbox", schema),
            sql.DelimitIdentifier("inbox_consumer", schema),
            sql.DelimitIdentifier("inbox_generation", schema),
            sql.DelimitIdentifier("dead_letter", schema),
            sql.DelimitIdentifier("saga_history", schema),
            generation => sql.DelimitIdentifier($"inbox_{generation}", schema));
    }

    /// <summary>A service that never ran on this database has no tables yet.</summary>
    /// <param name="context">Of the service.</param>
    /// <param name="table">One of these.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<bool> ExistsAsync(DbContext context, string table, CancellationToken cancellationToken)
    {
        await using var command = await context.CommandAsync(
            context.Database.IsNpgsql() ? "SELECT to_regclass(@name) IS NOT NULL" : "SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = trim(@name, '\"')",
            cancellationToken,
            ("name", table));
        return Convert.ToBoolean(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }
}

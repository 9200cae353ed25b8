using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>The names of the library's tables in one service's schema, quoted for SQL.</summary>
/// <param name="Name">The context's, for logs and metrics.</param>
internal sealed record OutboxTables(string Name, string? Schema, string Message, string Queue, string DeadLetter, string EnqueueFunction, string? OwnTable, Func<string, string> InSchema)
{
    /// <summary>The table of messages alone.</summary>
    public static string MessageOf(DbContext context) => context.GetService<ISqlGenerationHelper>().DelimitIdentifier("outbox_message", context.Model.FindEntityType(typeof(OutboxMessage))?.GetSchema());

    /// <exception cref="InvalidOperationException">The model does not map the outbox.</exception>
    public static OutboxTables Of(DbContext context)
    {
        var entity = context.Model.FindEntityType(typeof(OutboxMessage))
            ?? throw new InvalidOperationException(
                $"{context.GetType().Name} does not map the outbox. Call modelBuilder.AddTransactionalOutboxEntities() in its OnModelCreating.");
        var schema = entity.GetSchema();
        var sql = context.GetService<ISqlGenerationHelper>();
        var own = context.Model.GetRelationalModel().Tables
            .FirstOrDefault(table => table.EntityTypeMappings.Any(mapping => mapping.TypeBase.ClrType.Assembly != typeof(OutboxMessage).Assembly));
        return new OutboxTables(
            context.GetType().Name,
            schema is null ? null : sql.DelimitIdentifier(schema),
            sql.DelimitIdentifier("outbox_message", schema),
            sql.DelimitIdentifier("outbox_queue", schema),
            sql.DelimitIdentifier("dead_letter", schema),
            sql.DelimitIdentifier("outbox_enqueue", schema),
            own is null ? null : sql.DelimitIdentifier(own.Name, own.Schema),
            name => sql.DelimitIdentifier(name, schema));
    }
}

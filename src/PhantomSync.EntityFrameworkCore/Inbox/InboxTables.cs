using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
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
}

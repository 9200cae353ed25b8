using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Inbox;

namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>The table of the tenants that a context knows, where its model has one.</summary>
internal static class KnownTenantTable
{
    public static async Task CreateSchemaAsync(DbContext context, CancellationToken cancellationToken)
    {
        if (context.Model.FindEntityType(typeof(KnownTenant)) is not { } tenant)
            return;
        var table = context.GetService<ISqlGenerationHelper>().DelimitIdentifier(tenant.GetTableName()!, tenant.GetSchema());
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // CREATE … IF NOT EXISTS is not safe against itself: hosts that start together take turns.
        if (context.Database.IsNpgsql())
            await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext({table}))", cancellationToken);
        var time = context.Database.IsNpgsql() ? "timestamptz" : "TEXT";
        if (!await InboxTables.ExistsAsync(context, table, cancellationToken))
            await context.ExecuteAsync($"CREATE TABLE IF NOT EXISTS {table} (tenant_id text NOT NULL PRIMARY KEY, tier text, deleted_at {time})", cancellationToken);
        if (context.Database.IsNpgsql())
            await context.ExecuteAsync(TenantRowsExtensions.Guard([table]), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

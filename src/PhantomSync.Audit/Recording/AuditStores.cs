using Microsoft.EntityFrameworkCore;

namespace PhantomSync.Audit.Recording;

internal static class AuditStores
{
    public static IAuditStore Store(this AuditDbContext context) =>
        context.Database.IsNpgsql() ? new PostgresAuditStore(context) : new SqliteAuditStore(context);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using PhantomSync.EntityFrameworkCore.Upgrading;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>PostgreSQL's row-level security, as a second barrier between tenants.</summary>
public static class TenantRowsExtensions
{
    /// <summary>
    /// Statements for <see cref="ITableExtras"/>: of every table of the context that has a <c>tenant_id</c>, a role that does not
    /// own it sees the rows of the tenant that its session has set, <c>SET phantom.tenant = 'acme'</c>, and none where it has set
    /// none. The owner, as which the service runs, is not affected. Empty on SQLite.
    /// </summary>
    /// <remarks>
    /// Who does not own the tables cannot add the barrier, and passes over it. Who is stopped by it is told so, for a service that
    /// sees no rows would take them for missing.
    /// </remarks>
    public static IEnumerable<string> TenantRows(this DbContext context)
    {
        if (!context.Database.IsNpgsql())
            return [];
        var sql = context.GetService<ISqlGenerationHelper>();
        var tables = new SchemaUpgrade(context).Tables.Where(table => table.FindColumn("tenant_id") is not null)
            .Select(table => sql.DelimitIdentifier(table.Name, table.Schema)).ToList();
        return tables.Count == 0 ? [] : [Guard(tables)];
    }

    /// <param name="tables">As they stand in a statement.</param>
    internal static string Guard(IEnumerable<string> tables) =>
        $"""
        DO $$
        DECLARE
            guarded regclass;
        BEGIN
            FOREACH guarded IN ARRAY ARRAY[{string.Join(", ", tables.Select(table => $"'{table.Replace("'", "''", StringComparison.Ordinal)}'"))}]::regclass[] LOOP
                IF row_security_active(guarded) AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = guarded AND polname NOT IN ('phantom_tenant', 'phantom_auditor')) THEN
                    RAISE EXCEPTION 'Row-level security hides the rows of % from %, as which this service runs. Make it a member of the role that owns the table, or give it BYPASSRLS or a policy of its own.', guarded, current_user;
                END IF;
                IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = guarded AND polname = 'phantom_tenant')
                    AND (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = guarded) THEN
                    EXECUTE format('CREATE POLICY phantom_tenant ON %s USING (tenant_id = current_setting(''phantom.tenant'', true))', guarded);
                    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
                END IF;
            END LOOP;
        END $$
        """;
}

namespace PhantomSync.Audit.Recording;

/// <summary>
/// The database itself refuses to change or remove what was written. The one change it lets through is erasing a payload: actor,
/// details and salt go together, and nothing else moves.
/// </summary>
internal static class AppendOnly
{
    public static readonly string[] Postgres =
    [
        """
        CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
        END $$
        """,
        """
        CREATE OR REPLACE FUNCTION audit.refuse_change_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.details IS NULL AND NEW.salt IS NULL AND NEW.user_id = '(erased)'
               AND (NEW.position, NEW.id, NEW.tenant_id, NEW.event_id, NEW.event_type, NEW.timestamp, NEW.action, NEW.resource_type,
                    NEW.resource_id, NEW.result, NEW.source_service, NEW.recorded_at, NEW.payload_hash, NEW.xid)
                 = (OLD.position, OLD.id, OLD.tenant_id, OLD.event_id, OLD.event_type, OLD.timestamp, OLD.action, OLD.resource_type,
                    OLD.resource_id, OLD.result, OLD.source_service, OLD.recorded_at, OLD.payload_hash, OLD.xid)
               AND NEW.correlation_id IS NOT DISTINCT FROM OLD.correlation_id AND NEW.causation_id IS NOT DISTINCT FROM OLD.causation_id
               AND NEW.inbox_key IS NOT DISTINCT FROM OLD.inbox_key THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'audit_logs is append-only: only the erasure of a payload is allowed' USING ERRCODE = 'insufficient_privilege';
        END $$
        """,
        .. Guard("audit_logs", "refuse_delete", "BEFORE DELETE ON {0} FOR EACH ROW EXECUTE FUNCTION audit.refuse_change()"),
        .. Guard("audit_logs", "refuse_update", "BEFORE UPDATE ON {0} FOR EACH ROW EXECUTE FUNCTION audit.refuse_change_but_erasure()"),
        .. Guard("audit_logs", "refuse_truncate", "BEFORE TRUNCATE ON {0} FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()"),
        .. Guard("audit_seals", "refuse_change", "BEFORE UPDATE OR DELETE ON {0} FOR EACH ROW EXECUTE FUNCTION audit.refuse_change()"),
        .. Guard("audit_seals", "refuse_truncate", "BEFORE TRUNCATE ON {0} FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()"),
        "INSERT INTO audit.audit_sealed_to (id, xid, position) VALUES (1, 0, 0) ON CONFLICT DO NOTHING",
    ];

    public static readonly string[] Sqlite =
    [
        """
        CREATE TRIGGER IF NOT EXISTS audit_logs_refuse_delete BEFORE DELETE ON audit_logs BEGIN
            SELECT RAISE(ABORT, 'audit_logs is append-only: DELETE is refused');
        END
        """,
        "DROP TRIGGER IF EXISTS audit_logs_refuse_update",
        """
        CREATE TRIGGER audit_logs_refuse_update BEFORE UPDATE ON audit_logs
        WHEN NOT (NEW.details IS NULL AND NEW.salt IS NULL AND NEW.user_id = '(erased)'
             AND (NEW.position, NEW.id, NEW.tenant_id, NEW.event_id, NEW.event_type, NEW.timestamp, NEW.action, NEW.resource_type,
                  NEW.resource_id, NEW.result, NEW.source_service, NEW.recorded_at, NEW.payload_hash)
               = (OLD.position, OLD.id, OLD.tenant_id, OLD.event_id, OLD.event_type, OLD.timestamp, OLD.action, OLD.resource_type,
                  OLD.resource_id, OLD.result, OLD.source_service, OLD.recorded_at, OLD.payload_hash)
             AND NEW.correlation_id IS OLD.correlation_id AND NEW.causation_id IS OLD.causation_id AND NEW.inbox_key IS OLD.inbox_key)
        BEGIN
            SELECT RAISE(ABORT, 'audit_logs is append-only: only the erasure of a payload is allowed');
        END
        """,
        """
        CREATE TRIGGER IF NOT EXISTS audit_seals_refuse_delete BEFORE DELETE ON audit_seals BEGIN
            SELECT RAISE(ABORT, 'audit_seals is append-only: DELETE is refused');
        END
        """,
        """
        CREATE TRIGGER IF NOT EXISTS audit_seals_refuse_update BEFORE UPDATE ON audit_seals BEGIN
            SELECT RAISE(ABORT, 'audit_seals is append-only: UPDATE is refused');
        END
        """,
        "INSERT OR IGNORE INTO audit_sealed_to (id, xid, position) VALUES (1, 0, 0)",
    ];

    /// <summary>ALWAYS: it fires for a session that calls itself a replica, too.</summary>
    private static string[] Guard(string table, string name, string rule) =>
    [
        $"CREATE OR REPLACE TRIGGER {name} {rule.Replace("{0}", $"audit.{table}", StringComparison.Ordinal)}",
        $"ALTER TABLE audit.{table} ENABLE ALWAYS TRIGGER {name}",
    ];
}

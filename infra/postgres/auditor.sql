-- Who may look into the audit trail with SQL, and do nothing else. An administrator runs it once, in the database that 'run' was
-- given, when its tables are there:
--     psql -v ON_ERROR_STOP=1 -f infra/postgres/auditor.sql "dbname=phantomsync"
-- Then each person gets a login. Reading past the host leaves no entry in the trail, so the server's log has to have it; only a
-- superuser can switch that off again:
--     CREATE ROLE nina LOGIN PASSWORD '…' IN ROLE phantomsync_auditor;
--     ALTER ROLE nina SET log_statement = 'all';
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'phantomsync_auditor') THEN
        CREATE ROLE phantomsync_auditor NOLOGIN;
    END IF;
END $$;

GRANT USAGE ON SCHEMA audit TO phantomsync_auditor;
GRANT SELECT ON audit.audit_logs, audit.audit_seals, audit.audit_sealed_to TO phantomsync_auditor;

-- Row-level security shows a role that does not own a table the one tenant that its session has set. An auditor sees them all.
DROP POLICY IF EXISTS phantom_auditor ON audit.audit_logs;
CREATE POLICY phantom_auditor ON audit.audit_logs FOR SELECT TO phantomsync_auditor USING (true);
DROP POLICY IF EXISTS phantom_auditor ON audit.audit_seals;
CREATE POLICY phantom_auditor ON audit.audit_seals FOR SELECT TO phantomsync_auditor USING (true);

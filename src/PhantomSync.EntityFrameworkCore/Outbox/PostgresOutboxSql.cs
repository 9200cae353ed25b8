namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>
/// What a relay says to PostgreSQL. States of a queue row: 0 ready; 1 to 3 held, as <see cref="HoldKind"/>; 4 sent to a
/// volatile broker and not yet consumed.
/// </summary>
internal sealed class PostgresOutboxSql(OutboxTables tables)
{
    /// <summary>
    /// The session's plans must not depend on statistics: a queue that was empty when they were taken may hold a million rows
    /// now, and each of these statements has one good plan. A delete need not survive a crash (the event would be sent again),
    /// yet synchronous_commit stays on: until the commit is on disk index scans cannot mark the deleted rows as dead and visit
    /// each of them again with every read, which halves the throughput of a long queue.
    /// </summary>
    public const string Settings =
        """
        SET plan_cache_mode = force_generic_plan;
        SET enable_seqscan = off;
        SET enable_bitmapscan = off;
        SET enable_hashjoin = off;
        SET enable_mergejoin = off;
        SET jit = off;
        SET synchronous_commit = on
        """;

    /// <summary>
    /// $1 lanes, $2 the host's time. What waits for a schedule was given its time by a host's clock, the rest by the database's;
    /// each is measured with its own.
    /// </summary>
    public string ReleaseDue { get; } =
        $"""
        UPDATE {tables.Queue} SET state = 0
        WHERE state BETWEEN 1 AND 3 AND due_at <= greatest(statement_timestamp(), $2)
            AND CASE WHEN state = 3 THEN due_at <= $2 ELSE due_at <= statement_timestamp() END AND lane = ANY($1)
        """;

    /// <summary>A kind of which enough wait leaves as a whole, in all lanes. Whoever comes second finds the rows locked and passes on.</summary>
    public string ReleaseFullBatches { get; } =
        $"""
        WITH waiting AS MATERIALIZED (
            SELECT event_type, count(*) AS n, min(hold_count) AS least FROM {tables.Queue} WHERE state = 1 GROUP BY event_type
        ), leaving AS MATERIALIZED (
            SELECT q.position FROM waiting w CROSS JOIN LATERAL (
                SELECT position FROM {tables.Queue}
                WHERE state = 1 AND event_type = w.event_type AND hold_count <= w.n FOR UPDATE SKIP LOCKED) q
            WHERE w.n >= w.least
        )
        UPDATE {tables.Queue} q SET state = 0 FROM leaving l WHERE q.position = l.position
        """;

    /// <summary>$1 lanes, $2 most rows.</summary>
    public string ReleaseEventual { get; } =
        $"""
        WITH leaving AS MATERIALIZED (
            SELECT position FROM {tables.Queue} WHERE state BETWEEN 1 AND 2 AND state = 2 AND lane = ANY($1) LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        UPDATE {tables.Queue} q SET state = 0 FROM leaving l WHERE q.position = l.position
        """;

    /// <summary>$1 key hashes, $2 the highest position of each that is about to leave.</summary>
    public string ReleaseBefore { get; } =
        $"""
        UPDATE {tables.Queue} q SET state = 0 FROM unnest($1, $2) AS k(key_hash, position)
        WHERE q.state BETWEEN 1 AND 2 AND q.key_hash = k.key_hash AND q.position < k.position
        """;

    public string AnyHeld { get; } =
        $"SELECT EXISTS (SELECT FROM {tables.Queue} WHERE state BETWEEN 1 AND 2), EXISTS (SELECT FROM {tables.Queue} WHERE state BETWEEN 1 AND 2 AND state = 2 AND lane = ANY($1))";

    /// <summary>
    /// $1 lanes, $2 how many times more than needed to look at, $3 topics to skip, $4 topics to probe, $5 most bytes, $6 most
    /// rows. A loose index scan finds the topics; then one index range per topic and lane, taken in turns, so that neither a
    /// topic nor a lane with a long queue holds up the others and the cost does not depend on how much waits.
    /// </summary>
    public string Read { get; } =
        $"""
        WITH RECURSIVE topics(topic) AS (
            (SELECT topic FROM {tables.Queue} WHERE state = 0 ORDER BY topic LIMIT 1)
            UNION ALL
            SELECT (SELECT q.topic FROM {tables.Queue} q WHERE q.state = 0 AND q.topic > t.topic ORDER BY q.topic LIMIT 1)
            FROM topics t WHERE t.topic IS NOT NULL
        ), quota AS MATERIALIZED (
            SELECT 1 + $2 * $6 / greatest(1, count(topic)::int * cardinality($1)) AS n FROM topics WHERE topic <> ALL($3)
        ), heads AS (
            SELECT q.* FROM topics t CROSS JOIN unnest($1) AS l(lane) CROSS JOIN LATERAL (
                SELECT r.*, row_number() OVER (ORDER BY r.position) AS turn FROM (
                    SELECT position, message_id, lane, key_hash, bytes, topic FROM {tables.Queue}
                    WHERE state = 0 AND topic = t.topic AND lane = l.lane
                    ORDER BY position LIMIT CASE WHEN t.topic = ANY($4) THEN 1 ELSE (SELECT n FROM quota) END) r) q
            WHERE t.topic IS NOT NULL AND t.topic <> ALL($3)
        ), chosen AS MATERIALIZED (
            SELECT c.* FROM (
                SELECT h.*, sum(h.bytes) OVER (ORDER BY h.turn, h.lane, h.topic ROWS UNBOUNDED PRECEDING) - h.bytes AS before FROM heads h) c
            WHERE c.before < $5 ORDER BY c.turn, c.lane, c.topic LIMIT $6
        )
        SELECT c.position, c.message_id, c.lane, c.key_hash, c.topic, m.key, m.body, m.headers, c.turn >= (SELECT n FROM quota)
        FROM chosen c CROSS JOIN LATERAL (
            SELECT key, body, headers FROM {tables.Message} WHERE id = c.message_id OFFSET 0) m
        """;

    /// <summary>$1 positions, $2 message ids.</summary>
    public string Delete { get; } =
        $"WITH message AS (DELETE FROM {tables.Message} WHERE id = ANY($2)) DELETE FROM {tables.Queue} WHERE position = ANY($1)";

    /// <summary>$1 position, $2 message id, $3 reason, $4 attempts, $5 event id, $6 tenant, $7 idempotency key.</summary>
    public string DeadLetter { get; } =
        $"""
        WITH letter AS (
            INSERT INTO {tables.DeadLetter} (id, source, topic, key, event_type, event_id, tenant_id, idempotency_key,
                headers, body, reason, attempts, first_failed_at, last_failed_at, state)
            SELECT id, 'relay', topic, key, event_type, $5, $6, $7, headers, body, $3, $4, clock_timestamp(), clock_timestamp(), 0
            FROM {tables.Message} WHERE id = $2
            ON CONFLICT (id) DO NOTHING
        ), message AS (DELETE FROM {tables.Message} WHERE id = $2)
        DELETE FROM {tables.Queue} WHERE position = $1
        """;

    /// <summary>$1 positions.</summary>
    public string MarkSent { get; } = $"UPDATE {tables.Queue} SET state = 4 WHERE position = ANY($1)";

    /// <summary>$1 lanes.</summary>
    public string UnmarkSent { get; } = $"UPDATE {tables.Queue} SET state = 0 WHERE state = 4 AND lane = ANY($1)";

    /// <summary>Counts exactly up to 10,000 and falls back on the planner's estimate above; the age is that of the oldest head of all topics and lanes.</summary>
    public string Measure { get; } =
        $"""
        WITH RECURSIVE topics(topic) AS (
            (SELECT topic FROM {tables.Queue} WHERE state = 0 ORDER BY topic LIMIT 1)
            UNION ALL
            SELECT (SELECT q.topic FROM {tables.Queue} q WHERE q.state = 0 AND q.topic > t.topic ORDER BY q.topic LIMIT 1)
            FROM topics t WHERE t.topic IS NOT NULL
        ), counted AS MATERIALIZED (SELECT count(*) AS n FROM (SELECT FROM {tables.Queue} ORDER BY position LIMIT 10001) c)
        SELECT CASE WHEN counted.n <= 10000 THEN counted.n
                    ELSE greatest(counted.n, (SELECT reltuples::bigint FROM pg_class WHERE oid = '{tables.Queue}'::regclass)) END,
            (SELECT count(*) FROM (SELECT FROM {tables.Queue} WHERE state BETWEEN 1 AND 3 LIMIT 10000) h),
            (SELECT extract(epoch FROM clock_timestamp() - min(q.enqueued_at))::float8
             FROM topics t CROSS JOIN generate_series(0, {Lanes.Count - 1}) AS l(lane) CROSS JOIN LATERAL (
                SELECT enqueued_at FROM {tables.Queue} WHERE state = 0 AND topic = t.topic AND lane = l.lane ORDER BY position LIMIT 1) q
             WHERE t.topic IS NOT NULL)
        FROM counted
        """;

    /// <summary>$1 lock class, $2 membership lock.</summary>
    public string CountWorkers { get; } =
        """
        SELECT count(DISTINCT pid)::int FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid = $1::bigint::oid AND objid = $2::bigint::oid
        """;

    /// <summary>$1 lock class, $2 lanes, $3 how many.</summary>
    public string TakeLanes { get; } = "SELECT l.lane FROM unnest($2) AS l(lane) WHERE pg_try_advisory_lock($1, l.lane) LIMIT $3";

    /// <summary>$1 lock class, $2 lanes.</summary>
    public string FreeLanes { get; } = "SELECT pg_advisory_unlock($1, l.lane) FROM unnest($2) AS l(lane)";

    /// <summary>
    /// $1 lock class, $2 seconds. A live worker polls or sends heartbeats; a session that owns a lane with old rows and has
    /// said nothing for so long belongs to a host that is frozen or cut off.
    /// </summary>
    public string EvictFrozen { get; } =
        $"""
        SELECT count(*)::int FROM (
            SELECT pg_terminate_backend(f.pid) FROM (
                SELECT DISTINCT a.pid FROM pg_locks k JOIN pg_stat_activity a ON a.pid = k.pid
                WHERE k.locktype = 'advisory' AND k.granted AND k.objsubid = 2 AND k.classid = $1::bigint::oid
                    AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    AND k.objid::bigint < {Lanes.Count} AND a.pid <> pg_backend_pid()
                    AND (a.state LIKE 'idle%' OR a.wait_event = 'ClientWrite') AND a.state_change < clock_timestamp() - $2 * interval '1 second'
                    AND EXISTS (SELECT FROM {tables.Queue} q WHERE q.state = 0 AND q.lane = k.objid::bigint::smallint
                        AND q.enqueued_at < clock_timestamp() - $2 * interval '1 second' LIMIT 1)) f) t
        """;
}

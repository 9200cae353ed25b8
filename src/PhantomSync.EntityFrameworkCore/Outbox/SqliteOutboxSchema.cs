using PhantomSync.EntityFrameworkCore.DeadLetters;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>The library's tables on SQLite; times in the queue are milliseconds since 1970.</summary>
internal static class SqliteOutboxSchema
{
    /// <summary>
    /// SQLite has one writer at a time, so the order of the inserts is the order of the commits. Without AUTOINCREMENT the
    /// position of a deleted last row would be given again.
    /// </summary>
    public static string Script(OutboxTables tables) =>
        $"""
        PRAGMA journal_mode = WAL;
        BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS {tables.Message} (
            id TEXT NOT NULL PRIMARY KEY,
            topic TEXT NOT NULL,
            key TEXT,
            body BLOB NOT NULL,
            headers BLOB NOT NULL,
            event_type TEXT NOT NULL,
            lane INTEGER NOT NULL,
            key_hash INTEGER NOT NULL,
            hold INTEGER NOT NULL,
            hold_count INTEGER NOT NULL,
            hold_ms INTEGER NOT NULL,
            due_at TEXT,
            schedule_token TEXT,
            created_at TEXT NOT NULL
        );
        CREATE INDEX IF NOT EXISTS outbox_message_token ON {tables.Message} (schedule_token) WHERE schedule_token IS NOT NULL;
        CREATE TABLE IF NOT EXISTS {tables.Queue} (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id TEXT NOT NULL,
            lane INTEGER NOT NULL,
            key_hash INTEGER NOT NULL,
            state INTEGER NOT NULL,
            topic TEXT NOT NULL,
            event_type TEXT,
            hold_count INTEGER NOT NULL,
            due_at INTEGER,
            schedule_token TEXT,
            bytes INTEGER NOT NULL,
            enqueued_at INTEGER NOT NULL
        );
        CREATE INDEX IF NOT EXISTS outbox_queue_ready ON {tables.Queue} (topic, position) WHERE state = 0;
        CREATE INDEX IF NOT EXISTS outbox_queue_due ON {tables.Queue} (due_at) WHERE state IN (1, 2, 3);
        CREATE INDEX IF NOT EXISTS outbox_queue_kind ON {tables.Queue} (event_type, hold_count) WHERE state = 1;
        CREATE INDEX IF NOT EXISTS outbox_queue_held ON {tables.Queue} (key_hash, position) WHERE state IN (1, 2);
        CREATE INDEX IF NOT EXISTS outbox_queue_sent ON {tables.Queue} (position) WHERE state = 4;
        CREATE INDEX IF NOT EXISTS outbox_queue_token ON {tables.Queue} (schedule_token) WHERE schedule_token IS NOT NULL;
        CREATE TRIGGER IF NOT EXISTS outbox_enqueue AFTER INSERT ON {tables.Message}
        BEGIN
            INSERT INTO {tables.Queue} (message_id, lane, key_hash, state, topic, event_type, hold_count, due_at, schedule_token, bytes, enqueued_at)
            VALUES (
                NEW.id, NEW.lane, NEW.key_hash, NEW.hold, NEW.topic,
                CASE WHEN NEW.hold = 1 THEN NEW.event_type END, NEW.hold_count,
                CASE WHEN NEW.hold = 0 THEN NULL
                     WHEN NEW.due_at IS NOT NULL THEN {Milliseconds("NEW.due_at")}
                     ELSE {Milliseconds("NEW.created_at")} + NEW.hold_ms END,
                NEW.schedule_token,
                length(NEW.body) + length(NEW.headers) + coalesce(length(NEW.key), 0),
                {Milliseconds("NEW.created_at")});
        END;
        CREATE TABLE IF NOT EXISTS {tables.DeadLetter} (
            id TEXT NOT NULL PRIMARY KEY,
            source TEXT NOT NULL,
            topic TEXT NOT NULL,
            partition INTEGER,
            "offset" INTEGER,
            key TEXT,
            key_hash INTEGER NOT NULL DEFAULT 0,
            event_type TEXT,
            event_id TEXT,
            tenant_id TEXT,
            idempotency_key TEXT,
            headers BLOB NOT NULL,
            body BLOB NOT NULL,
            reason TEXT NOT NULL,
            exception TEXT,
            attempts INTEGER NOT NULL,
            first_failed_at TEXT NOT NULL,
            last_failed_at TEXT NOT NULL,
            state INTEGER NOT NULL DEFAULT 0,
            blocks INTEGER NOT NULL DEFAULT 0,
            parked INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX IF NOT EXISTS dead_letter_holding ON {tables.DeadLetter} (source, key_hash, id) WHERE {DeadLetterTable.Holding};
        CREATE INDEX IF NOT EXISTS dead_letter_requested ON {tables.DeadLetter} (source, id) WHERE {DeadLetterTable.Requested};
        COMMIT;
        """;

    private static string Milliseconds(string time) => $"CAST(round((julianday({time}) - 2440587.5) * 86400000.0) AS INTEGER)";
}

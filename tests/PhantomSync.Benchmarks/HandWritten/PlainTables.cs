namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>The tables a team would make for one service.</summary>
internal static class PlainTables
{
    public const string Outbox =
        """
        CREATE TABLE outbox (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            topic text NOT NULL,
            key text NOT NULL,
            event_type text NOT NULL,
            event_id uuid NOT NULL,
            tenant_id text NOT NULL,
            idempotency_key text NOT NULL,
            body bytea NOT NULL
        );
        """;

    public const string Script =
        $"""
        CREATE TABLE served (
            id text PRIMARY KEY,
            tenant_id text NOT NULL,
            model_id text NOT NULL,
            confidence float8 NOT NULL
        );
        {Outbox}
        CREATE TABLE inbox (event_id uuid PRIMARY KEY);
        CREATE TABLE effect (
            inference_id text PRIMARY KEY,
            tenant_id text NOT NULL,
            model_id text NOT NULL,
            confidence float8 NOT NULL,
            inference_time_ms bigint NOT NULL,
            seen int NOT NULL
        );
        """;

    /// <summary>$1 ids, $2 tenants, $3 models, $4 confidences, $5 times.</summary>
    public static string Upsert(string table) =>
        $"""
        INSERT INTO {table} AS e (inference_id, tenant_id, model_id, confidence, inference_time_ms, seen)
        SELECT u.*, 1 FROM unnest($1, $2, $3, $4, $5) AS u
        ON CONFLICT (inference_id) DO UPDATE
        SET confidence = excluded.confidence, inference_time_ms = excluded.inference_time_ms, seen = e.seen + 1
        """;
}

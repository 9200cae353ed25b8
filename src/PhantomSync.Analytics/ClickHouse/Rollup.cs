namespace PhantomSync.Analytics.ClickHouse;

/// <summary>
/// A table of one row per key and stretch of time, with aggregate states. Every stretch that something was written to since the
/// last refresh is computed anew, from rows of which each counts once; a materialized view on insertion would add a
/// redelivered batch a second time.
/// </summary>
/// <param name="Name">Its table.</param>
/// <param name="Source">The table of rows, or the finer roll-up.</param>
/// <param name="Resolution">How long its stretches are.</param>
/// <param name="Keys">What a row is about, besides the time.</param>
/// <param name="Measures">What it keeps.</param>
internal sealed record Rollup(string Name, string Source, Resolution Resolution, string[] Keys, Measure[] Measures)
{
    private bool OfRows => Resolution == Resolution.Minute;

    private string Bucket => Resolution switch
    {
        Resolution.Minute => "toStartOfMinute(timestamp)",
        Resolution.Hour => "toStartOfHour(bucket)",
        _ => "toStartOfDay(bucket)",
    };

    /// <summary>When a row of the source was written.</summary>
    private string Written => OfRows ? "ingested_at" : "refreshed_at";

    public string Create() =>
        $"""
        CREATE TABLE IF NOT EXISTS {Name} (
            {string.Join(", ", Keys.Select(key => $"{key} LowCardinality(String)"))}, bucket DateTime('UTC') CODEC(Delta, ZSTD(1)),
            {string.Join(", ", Measures.Select(measure => $"{measure.Column} {measure.Type}"))},
            refreshed_at DateTime64(6, 'UTC'), INDEX by_refresh refreshed_at TYPE minmax GRANULARITY 1
        ) ENGINE = ReplacingMergeTree(refreshed_at) PARTITION BY toYYYYMM(bucket) ORDER BY ({string.Join(", ", Keys)}, bucket)
        """;

    private string Time => OfRows ? "timestamp" : "bucket";

    /// <summary>The days that something was written to since <c>{since:…}</c>.</summary>
    public string ChangedDays() =>
        $"SELECT DISTINCT toStartOfDay({Time}) AS day FROM {Source} WHERE {Written} >= {{since:DateTime64(6, 'UTC')}} ORDER BY day";

    /// <summary>Computes anew what changed of the day <c>{day:…}</c>; a day at a time, so that no amount of backlog is one statement.</summary>
    public string Refresh()
    {
        var keys = string.Join(", ", Keys);
        return $$"""
            INSERT INTO {{Name}} ({{keys}}, bucket, {{string.Join(", ", Measures.Select(measure => measure.Column))}}, refreshed_at)
            SELECT {{keys}}, {{Bucket}} AS start, {{string.Join(", ", Measures.Select(measure => OfRows ? measure.OfRows : measure.OfFiner))}}, now64(6)
            FROM {{Source}} FINAL
            WHERE {{OfDay}} AND ({{keys}}, {{Bucket}}) IN (
                SELECT DISTINCT {{keys}}, {{Bucket}} FROM {{Source}} WHERE {{OfDay}} AND {{Written}} >= {since:DateTime64(6, 'UTC')})
            GROUP BY {{keys}}, start
            """;
    }

    /// <summary>The days of the window <c>{from:…}</c> to <c>{to:…}</c> that either the source or the roll-up has something of.</summary>
    public string Days() =>
        $$"""
        SELECT DISTINCT toStartOfDay({{Time}}) AS day FROM {{Source}} WHERE {{Time}} >= {from:DateTime64(6, 'UTC')} AND {{Time}} < {to:DateTime64(6, 'UTC')}
        UNION DISTINCT SELECT DISTINCT toStartOfDay(bucket) AS day FROM {{Name}} WHERE bucket >= toStartOfDay({from:DateTime64(6, 'UTC')}) AND bucket < {to:DateTime64(6, 'UTC')}
        """;

    /// <summary>Removes what was not computed anew since <c>{since:…}</c> of the day <c>{day:…}</c>: stretches of which no row is left.</summary>
    public string RemoveStale() =>
        $$"""
        ALTER TABLE {{Name}} DELETE WHERE bucket >= {day:DateTime('UTC')} AND bucket < {day:DateTime('UTC')} + INTERVAL 1 DAY
            AND refreshed_at < {since:DateTime64(6, 'UTC')} SETTINGS mutations_sync = 2
        """;

    private string OfDay => $"{Time} >= {{day:DateTime('UTC')}} AND {Time} < {{day:DateTime('UTC')}} + INTERVAL 1 DAY";
}

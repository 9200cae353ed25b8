namespace PhantomSync.Analytics;

/// <summary>Where metrics are kept, and for how long.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>The longest <see cref="Retention"/>: what the latest row and it come to must be a time that ClickHouse can tell.</summary>
    public static readonly TimeSpan LongestRetention = TimeSpan.FromDays(15 * 365);

    internal static readonly TimeSpan DefaultStatementTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A ClickHouse server, as <c>http://user:password@localhost:8123/phantomsync</c>; without it, the DuckDB file.</summary>
    public string? ClickHouse { get; set; }

    /// <summary>The file of the embedded database.</summary>
    public string DuckDbFile { get; set; } = "analytics.duckdb";

    /// <summary>How long rows are kept, by event time, in whole days, from one to <see cref="LongestRetention"/>. Default 13 months.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(396);

    /// <summary>How often the roll-ups are brought up to date. Default 5 s.</summary>
    public TimeSpan RollupInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a statement may take on ClickHouse. Default 30 s; for what reads or rewrites whole tables, longer.</summary>
    public TimeSpan StatementTimeout { get; set; } = DefaultStatementTimeout;
}

namespace PhantomSync.Analytics.Recording;

/// <summary>Where metrics are kept. Everything here may be done again and by several hosts at once, with the same result.</summary>
internal interface IMetricsStore
{
    /// <summary>What it is, for people.</summary>
    string Description { get; }

    /// <summary>Creates the schema, or brings it up to this release.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Writes rows of one table, all or none; rows that are there already change nothing.</summary>
    Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow;

    /// <summary>Brings the roll-ups up to date with what was written, where they are not computed on reading.</summary>
    Task RefreshRollupsAsync(CancellationToken cancellationToken);

    /// <summary>Removes what is older than the retention, where the engine does not do so itself.</summary>
    Task PruneAsync(CancellationToken cancellationToken);
}

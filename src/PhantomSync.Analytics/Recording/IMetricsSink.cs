namespace PhantomSync.Analytics.Recording;

/// <summary>Takes rows.</summary>
internal interface IMetricsSink
{
    /// <summary>Takes rows of one table, all or none; rows that are there already change nothing.</summary>
    Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow;
}

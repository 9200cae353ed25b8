namespace PhantomSync.Analytics.Recording;

/// <summary>A row of a table of metrics. The same event always makes the same rows, so that writing it again changes nothing.</summary>
internal interface IMetricRow
{
    static abstract string Table { get; }
}

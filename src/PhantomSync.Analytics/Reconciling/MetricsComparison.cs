namespace PhantomSync.Analytics;

/// <summary>What comparing the store with its source came to.</summary>
/// <param name="Differences">The slices that differ, by table, tenant and hour.</param>
/// <param name="Slices">How many slices were compared.</param>
/// <param name="Rows">How many rows the source makes of them.</param>
/// <param name="Waiting">How many of these rows are of events that the service has yet to handle.</param>
public sealed record MetricsComparison(IReadOnlyList<MetricsDifference> Differences, int Slices, long Rows, long Waiting);

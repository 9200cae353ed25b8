using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.Reconciling;

/// <summary>Passes on the rows of some slices.</summary>
internal sealed class SlicesSink(IMetricsSink to, IReadOnlySet<MetricsSlice> slices) : IMetricsSink
{
    public Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow =>
        to.WriteAsync(rows.Where(row => slices.Contains(SourceTally.SliceOf<TRow>(row.TenantId, row.Timestamp))).ToArray(), cancellationToken);
}

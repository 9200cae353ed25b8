using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.Rebuilding;

/// <summary>Passes on the rows of a stretch of time.</summary>
internal sealed class WindowSink(IMetricsSink to, TimeWindow window) : IMetricsSink
{
    public Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class, IMetricRow =>
        to.WriteAsync(rows.Where(row => row.Timestamp >= window.FirstUtc && row.Timestamp < window.EndUtc).ToArray(), cancellationToken);
}

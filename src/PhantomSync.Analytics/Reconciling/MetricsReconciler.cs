using PhantomSync.Analytics.Reconciling;
using PhantomSync.Analytics.Recording;
using PhantomSync.Contracts;

namespace PhantomSync.Analytics;

/// <summary>Compares the store with its source, and writes what is missing.</summary>
public sealed class MetricsReconciler
{
    private const int BatchSize = 10_000;

    private readonly IMetricsStore _store;

    internal MetricsReconciler(IMetricsStore store) => _store = store;

    /// <summary>
    /// Compares by table, tenant and hour. The store is read before <paramref name="events"/> is enumerated, which has to end no
    /// earlier than the source does then; so what the service writes meanwhile is no difference. Keeps eight bytes per row of the window in memory.
    /// </summary>
    /// <param name="window">The event times to compare.</param>
    /// <param name="tenant">The only tenant; null for all.</param>
    /// <param name="events">All events of the window. Which are handled must be known before this is called.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<MetricsComparison> CompareAsync(TimeWindow window, string? tenant, IEnumerable<SourceEvent> events, CancellationToken cancellationToken)
    {
        var erasures = await _store.ErasuresAsync(cancellationToken);
        var store = await _store.SumsAsync(window, tenant, cancellationToken);
        var source = new SourceTally(window, tenant, erasures);
        var waiting = new SourceTally(window, tenant, erasures);
        foreach (var batch in events.Chunk(BatchSize))
        {
            await source.RecordAsync([.. batch.Where(item => item.IsHandled).Select(item => item.Event)], cancellationToken);
            await waiting.RecordAsync([.. batch.Where(item => !item.IsHandled).Select(item => item.Event)], cancellationToken);
        }

        var handled = source.Sums();
        source.UnionWith(waiting);
        var all = source.Sums();
        var slices = handled.Keys.Union(all.Keys).Union(store.Keys).ToArray();
        var differences = slices
            .Where(slice => !Agrees(store.GetValueOrDefault(slice), handled.GetValueOrDefault(slice), all.GetValueOrDefault(slice)))
            .OrderBy(slice => slice.Table, StringComparer.Ordinal).ThenBy(slice => slice.TenantId, StringComparer.Ordinal).ThenBy(slice => slice.Hour)
            .Select(slice => new MetricsDifference(slice, handled.GetValueOrDefault(slice), store.GetValueOrDefault(slice)));
        var rows = all.Values.Sum(sum => sum.Rows);
        return new MetricsComparison([.. differences], slices.Length, rows, rows - handled.Values.Sum(sum => sum.Rows));
    }

    /// <summary>Writes again every row of the slices that differ; those that are there already change nothing.</summary>
    /// <param name="differences">What <see cref="CompareAsync"/> found.</param>
    /// <param name="events">All events of the window.</param>
    /// <param name="cancellationToken">Ends it; what is written stays.</param>
    public async Task RepairAsync(IReadOnlyCollection<MetricsDifference> differences, IEnumerable<ISyncEvent> events, CancellationToken cancellationToken)
    {
        var sink = new SlicesSink(_store, differences.Select(difference => difference.Slice).ToHashSet());
        foreach (var batch in events.Chunk(BatchSize))
            await sink.RecordAsync(batch, cancellationToken);
        await _store.RefreshRollupsAsync(cancellationToken);
    }

    /// <summary>Where events wait to be handled, the store may have any part of their rows.</summary>
    internal static bool Agrees(SliceSum store, SliceSum handled, SliceSum all) =>
        store == handled || store == all
        || (handled != all && store.Rows >= Math.Min(handled.Rows, all.Rows) && store.Rows <= Math.Max(handled.Rows, all.Rows));
}

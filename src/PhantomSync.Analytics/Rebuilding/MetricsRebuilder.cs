using PhantomSync.Analytics.Rebuilding;
using PhantomSync.Analytics.Recording;
using PhantomSync.Contracts;

namespace PhantomSync.Analytics;

/// <summary>Makes the tables anew from their source, in this release's schema.</summary>
public sealed class MetricsRebuilder
{
    private const int BatchSize = 10_000;

    private readonly IMetricsStore _store;

    internal MetricsRebuilder(IMetricsStore store) => _store = store;

    /// <summary>
    /// Fills tables beside those in use and swaps them. Hosts may go on writing: what they write to the old tables meanwhile is of
    /// events that were not handled when reading began, which are taken whatever their time, or of events after these,
    /// which are recorded when the swap is done.
    /// </summary>
    /// <param name="window">The event times of which the present rows are given up.</param>
    /// <param name="events">Every event there is. Which are handled must be known before this is called.</param>
    /// <param name="since">Every event after these, up to the end at the time of enumeration; enumerated after the swap.</param>
    /// <param name="allowFewer">Whether to go on where the source makes fewer rows of the window than there are.</param>
    /// <param name="cancellationToken">Ends it; before the swap everything stays as it is.</param>
    /// <exception cref="FewerRowsException">The source makes fewer rows than there are, and that is not allowed.</exception>
    public async Task<IReadOnlyList<RebuiltTable>> RunAsync(
        TimeWindow window, IEnumerable<SourceEvent> events, IEnumerable<ISyncEvent> since, bool allowFewer, CancellationToken cancellationToken)
    {
        await using var shadow = await _store.CreateShadowAsync(cancellationToken);
        var before = await shadow.CountsAsync(window, cancellationToken);
        var inside = new WindowSink(shadow, window);
        foreach (var batch in events.Chunk(BatchSize))
        {
            await inside.RecordAsync([.. batch.Where(item => item.IsHandled).Select(item => item.Event)], cancellationToken);
            await shadow.RecordAsync([.. batch.Where(item => !item.IsHandled).Select(item => item.Event)], cancellationToken);
        }

        // What hosts have written meanwhile may be of events that are yet to come; what was erased meanwhile is no loss.
        var tables = (await shadow.CountsAsync(window, cancellationToken)).Zip(before, (now, then) => now with { Before = Math.Min(now.Before, then.Before) }).ToArray();
        if (!allowFewer && tables.Any(table => table.After < table.Before))
            throw new FewerRowsException(tables);

        // From here on it is finished: between the swap and the last event, rows are missing.
        await shadow.SwapAsync(window, CancellationToken.None);
        foreach (var batch in since.Chunk(BatchSize))
            await _store.RecordAsync(batch, CancellationToken.None);
        await _store.RefreshRollupsAsync(CancellationToken.None);
        return tables;
    }
}

using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.Rebuilding;

/// <summary>Tables that are filled beside those in use. Disposing of it leaves those in use as they are, unless they were swapped.</summary>
internal interface IMetricsShadow : IMetricsSink, IAsyncDisposable
{
    /// <summary>How many rows of the window are in each table, in use and here, each counted once.</summary>
    Task<IReadOnlyList<RebuiltTable>> CountsAsync(TimeWindow window, CancellationToken cancellationToken);

    /// <summary>
    /// Takes over the rows outside of the window from the tables in use and takes their place. What is written to these from then
    /// on, or was inside of the window, is gone.
    /// </summary>
    Task SwapAsync(TimeWindow window, CancellationToken cancellationToken);
}

using PhantomSync.Analytics.Erasing;
using PhantomSync.Analytics.Rebuilding;

namespace PhantomSync.Analytics.Recording;

/// <summary>Where metrics are kept. What was erased is not recorded again. Everything here may be done again and by several hosts at once, with the same result.</summary>
internal interface IMetricsStore : IMetricsSink
{
    /// <summary>What it is, for people.</summary>
    string Description { get; }

    /// <summary>Creates the schema, or brings it up to this release.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Brings the roll-ups up to date with what was written, where they are not computed on reading.</summary>
    Task RefreshRollupsAsync(CancellationToken cancellationToken);

    /// <summary>Removes what is older than the retention, where the engine does not do so itself.</summary>
    Task PruneAsync(CancellationToken cancellationToken);

    /// <summary>What every slice of the window adds up to, each row counted once.</summary>
    Task<IReadOnlyDictionary<MetricsSlice, SliceSum>> SumsAsync(TimeWindow window, string? tenant, CancellationToken cancellationToken);

    /// <summary>Empty tables of this release's schema, to take the place of the present ones.</summary>
    Task<IMetricsShadow> CreateShadowAsync(CancellationToken cancellationToken);

    /// <summary>Erases and remembers it. <see cref="Erasure.Before"/> is moved behind the last row that it concerns, so that none is left over.</summary>
    Task<ErasureReceipt> EraseAsync(Erasure erasure, CancellationToken cancellationToken);

    /// <summary>What is erased, as this process knows it.</summary>
    Task<ErasureList> ErasuresAsync(CancellationToken cancellationToken);

    /// <summary>Learns what others have erased, and erases what this process has written in ignorance of it.</summary>
    Task FollowErasuresAsync(CancellationToken cancellationToken);
}

using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics;

/// <summary>The store's tables, for who works on them without a host.</summary>
public sealed class MetricsSchema
{
    private readonly IMetricsStore _store;

    internal MetricsSchema(IMetricsStore store) => _store = store;

    /// <summary>Where they are, for people.</summary>
    public string Description => _store.Description;

    /// <summary>Creates them, or brings them up to this release.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => _store.MigrateAsync(cancellationToken);
}

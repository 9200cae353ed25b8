using Microsoft.EntityFrameworkCore;

namespace PhantomSync.Registry.Usage;

/// <summary>Tells how models were used, whether or not the registry knows them.</summary>
public sealed class ModelUsage(RegistryDbContext registry)
{
    /// <summary>A model's usage by version label; empty where it was never used.</summary>
    public async Task<IReadOnlyList<VersionUsage>> OfAsync(string tenantId, string modelId, CancellationToken cancellationToken = default)
    {
        var rows = await registry.Usage.AsNoTracking().Where(row => row.TenantId == tenantId && row.ModelId == modelId).ToListAsync(cancellationToken);
        var numbers = await registry.Versions.Where(version => version.TenantId == tenantId && version.ModelId == modelId).Select(version => version.Number).ToListAsync(cancellationToken);
        var known = numbers.Select(Versions.ModelVersion.LabelOf).ToHashSet(StringComparer.Ordinal);
        return [.. rows.GroupBy(row => row.Version, StringComparer.Ordinal).OrderBy(shards => shards.Key, StringComparer.Ordinal).Select(shards => Merge(shards.Key, known.Contains(shards.Key), shards))];
    }

    internal static VersionUsage Merge(string version, bool known, IEnumerable<UsageRow> shards)
    {
        var all = new UsageTally();
        foreach (var shard in shards)
            all.Add(shard.Tally());
        return new VersionUsage(
            version, known, all.Reports, all.Predictions, all.Flagged, all.TimeMs.Of(all.Predictions), all.Confidence.Of(all.Predictions - all.Flagged), all.LastUsedAt);
    }
}

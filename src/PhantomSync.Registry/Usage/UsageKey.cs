namespace PhantomSync.Registry.Usage;

/// <summary>A model version as inference events name it.</summary>
internal readonly record struct UsageKey(string TenantId, string ModelId, string Version)
{
    /// <summary>One order everywhere, so that writers never wait for each other in a circle.</summary>
    public static IComparer<UsageKey> Ordinal { get; } = Comparer<UsageKey>.Create((one, other) =>
        string.CompareOrdinal(one.TenantId, other.TenantId) is not 0 and var byTenant ? byTenant
        : string.CompareOrdinal(one.ModelId, other.ModelId) is not 0 and var byModel ? byModel
        : string.CompareOrdinal(one.Version, other.Version));
}

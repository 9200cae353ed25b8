using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.Erasing;

/// <summary>Whom the store must not record again. Never changes.</summary>
internal sealed class ErasureList
{
    private readonly Dictionary<string, DateTime> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<(string TenantId, string UserId), DateTime> _users = [];

    public ErasureList(IReadOnlyList<Erasure> all)
    {
        All = all;
        foreach (var erasure in all)
        {
            if (erasure.UserId is { } user)
                _users[(erasure.TenantId, user)] = Later(_users.GetValueOrDefault((erasure.TenantId, user)), erasure.Before.UtcDateTime);
            else
                _tenants[erasure.TenantId] = Later(_tenants.GetValueOrDefault(erasure.TenantId), erasure.Before.UtcDateTime);
        }
    }

    public IReadOnlyList<Erasure> All { get; }

    /// <summary>The rows that may be kept, with the names that may.</summary>
    public IReadOnlyList<TRow> Apply<TRow>(IReadOnlyList<TRow> rows)
        where TRow : class, IMetricRow => All.Count == 0
        ? rows
        : [.. rows.Where(row => !(_tenants.TryGetValue(row.TenantId, out var before) && row.Timestamp < before)).Select(Anonymous)];

    private TRow Anonymous<TRow>(TRow row)
        where TRow : class, IMetricRow =>
        row is InferenceRow inference && _users.TryGetValue((inference.TenantId, inference.UserId), out var before) && inference.Timestamp < before
            ? (TRow)(IMetricRow)(inference with { UserId = Erasure.ErasedUser })
            : row;

    private static DateTime Later(DateTime one, DateTime other) => one > other ? one : other;
}

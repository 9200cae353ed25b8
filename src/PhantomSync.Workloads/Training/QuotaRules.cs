using System.Text.Json;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Workloads.Training;

/// <summary>What a tenant's events say of its training quota.</summary>
internal static class QuotaRules
{
    public const string MaxConcurrentJobs = "max_concurrent_jobs";

    private const string Quotas = "resource_quotas";

    public static void Follow(TenantQuota quota, TenantCreated created)
    {
        if (created.ResourceQuotas.MaxConcurrentJobs is { } limit)
            quota.MaxConcurrentJobs = limit.IsUnlimited ? null : (long)Math.Min(limit.Limit, long.MaxValue);
    }

    /// <summary>Whether the update concerns this quota: <c>changes.resource_quotas.max_concurrent_jobs</c>.</summary>
    public static bool Concerns(TenantUpdated updated, out JsonElement limit)
    {
        limit = default;
        return updated.Changes.TryGetValue(Quotas, out var quotas) && quotas.ValueKind == JsonValueKind.Object
            && quotas.TryGetProperty(MaxConcurrentJobs, out limit) && limit.ValueKind != JsonValueKind.Null;
    }

    /// <exception cref="SetAsideException">The limit is none.</exception>
    public static void Follow(TenantQuota quota, JsonElement limit)
    {
        if (limit.ValueKind == JsonValueKind.String && limit.ValueEquals("unlimited"))
            quota.MaxConcurrentJobs = null;
        else if (limit.ValueKind == JsonValueKind.Number && limit.TryGetUInt64(out var jobs))
            quota.MaxConcurrentJobs = (long)Math.Min(jobs, long.MaxValue);
        else
            throw new SetAsideException($"changes.{Quotas}.{MaxConcurrentJobs} is {limit.ValueKind} ({Short(limit.GetRawText())}); expected is a whole number that is not negative, or \"unlimited\". The quota stays as it was.");
    }

    private static string Short(string text) => text.Length <= 40 ? text : $"{text.AsSpan(0, 40)}…";
}

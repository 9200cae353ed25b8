using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Resolving;

namespace PhantomSync.Conflicts;

/// <summary>How conflicts are decided, by kind of resource and by tenant.</summary>
public sealed class ConflictOptions
{
    private readonly SortedDictionary<string, ConflictPolicy> _byType = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Type, string Tenant), ConflictPolicy> _byTenant = [];

    /// <summary>What holds where nothing more particular is said: the last write wins.</summary>
    public ConflictPolicy Default { get; } = new(null);

    /// <summary>What holds for a kind of resource, or for those of one tenant; to be changed.</summary>
    /// <param name="resourceType">Such as <c>ML_MODEL</c>.</param>
    /// <param name="tenant">Null for all tenants.</param>
    public ConflictPolicy For(string resourceType, string? tenant = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resourceType);
        if (!_byType.TryGetValue(resourceType, out var policy))
            _byType[resourceType] = policy = new ConflictPolicy(Default);
        if (tenant is null)
            return policy;
        ArgumentException.ThrowIfNullOrWhiteSpace(tenant);
        if (!_byTenant.TryGetValue((resourceType, tenant), out var own))
            _byTenant[(resourceType, tenant)] = own = new ConflictPolicy(policy);
        return own;
    }

    /// <summary>What holds for a resource.</summary>
    public ConflictPolicy PolicyOf(ResourceKey resource) =>
        _byTenant.TryGetValue((resource.ResourceType, resource.TenantId), out var own) ? own : _byType.GetValueOrDefault(resource.ResourceType, Default);

    internal IEnumerable<(string Whose, ConflictPolicy Policy)> All() =>
    [
        ("Default", Default),
        .. _byType.Select(policy => ($"For(\"{policy.Key}\")", policy.Value)),
        .. _byTenant.Select(policy => ($"For(\"{policy.Key.Type}\", \"{policy.Key.Tenant}\")", policy.Value)),
    ];
}

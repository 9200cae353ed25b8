namespace PhantomSync.Conflicts.Detecting;

/// <summary>Which thing of which tenant is changed.</summary>
public sealed record ResourceKey
{
    /// <exception cref="ArgumentException">A part is empty: a conflict without it would belong to nobody.</exception>
    public ResourceKey(string tenantId, string resourceType, string resourceId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenantId);
        ArgumentException.ThrowIfNullOrWhiteSpace(resourceType);
        ArgumentException.ThrowIfNullOrWhiteSpace(resourceId);
        (TenantId, ResourceType, ResourceId) = (tenantId, resourceType, resourceId);
    }

    public string TenantId { get; }

    /// <summary>The kind of thing, such as <c>ML_MODEL</c>.</summary>
    public string ResourceType { get; }

    /// <summary>Unique within tenant and kind.</summary>
    public string ResourceId { get; }
}

namespace PhantomSync.Workloads.Inference;

/// <summary>Whether a model answers, as its owner wants it. What it does in effect follows from the tenant's standing, too.</summary>
public sealed class InferenceSwitch
{
    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public bool IsOn { get; set; }

    public bool IsDeleted { get; set; }
}

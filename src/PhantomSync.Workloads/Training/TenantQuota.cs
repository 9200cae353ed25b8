namespace PhantomSync.Workloads.Training;

/// <summary>How many training jobs a tenant may run at the same time, as its own events say.</summary>
public sealed class TenantQuota
{
    public required string TenantId { get; init; }

    /// <summary>Null: as many as it likes.</summary>
    public long? MaxConcurrentJobs { get; set; }

    /// <summary>Counts the starts that were judged, so that of two at the same moment the second sees the first.</summary>
    public long Starts { get; set; }
}

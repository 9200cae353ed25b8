namespace PhantomSync.Contracts;

/// <summary>How much a tenant may use. Null says nothing; "no limit" is said with <see cref="Quota.Unlimited"/>.</summary>
public sealed record ResourceQuotas
{
    /// <summary>Models that exist at the same time.</summary>
    public Quota? MaxModels { get; init; }

    /// <summary>Training jobs that run at the same time.</summary>
    public Quota? MaxConcurrentJobs { get; init; }

    /// <summary>GPU hours per calendar month, whole hours.</summary>
    public Quota? MaxGpuHours { get; init; }

    /// <summary>Storage, in bytes.</summary>
    public Quota? MaxStorageBytes { get; init; }

    /// <summary>Predictions per second.</summary>
    public Quota? MaxInferencesPerSecond { get; init; }

    /// <summary>Published events per second.</summary>
    public Quota? MaxEventsPerSecond { get; init; }

    /// <summary>How long data is kept, in days.</summary>
    public Quota? RetentionDays { get; init; }
}

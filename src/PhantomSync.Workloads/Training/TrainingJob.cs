namespace PhantomSync.Workloads.Training;

/// <summary>A training job as the trainer sees it.</summary>
public sealed class TrainingJob
{
    public required string TenantId { get; init; }

    public required string JobId { get; init; }

    public required string ModelId { get; init; }

    public JobStatus Status { get; set; }

    /// <summary>How often it was started, as far as is known.</summary>
    public int Attempts { get; set; }

    /// <summary>When its last attempt was started; null where only its end is known.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why it was cancelled, one of <see cref="PhantomSync.Contracts.CancellationCause"/>; null where it was not.</summary>
    public string? Cause { get; set; }

    /// <summary>The suspension that stopped or last paused it; null where none did, or its command has not come yet.</summary>
    public long? StoppedBySuspension { get; set; }
}

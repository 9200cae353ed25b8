using MassTransit;

namespace PhantomSync.Sagas.Training;

/// <summary>What is known of one training job. Times of the job are by the trainer's clock, the others by this service's.</summary>
public sealed class TrainingLifecycleState : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    /// <summary>The name of a <see cref="TrainingStatus"/>.</summary>
    public string CurrentState { get; set; } = nameof(TrainingStatus.Initial);

    public string TenantId { get; set; } = "";

    public string JobId { get; set; } = "";

    public string ModelId { get; set; } = "";

    public string? StartedBy { get; set; }

    /// <summary>What it was given, a JSON object.</summary>
    public string? Resources { get; set; }

    /// <summary>How often it was started, as far as is known: 1, and one more with each retry.</summary>
    public int Attempts { get; set; } = 1;

    /// <summary>When its last attempt was started.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset? FailedAt { get; set; }

    public DateTimeOffset? CancelledAt { get; set; }

    public DateTimeOffset? StalledAt { get; set; }

    public DateTimeOffset? VersionRegisteredAt { get; set; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset LastNewsAt { get; set; }

    /// <summary>Its final metrics, a JSON object; what is not finite stands as a string.</summary>
    public string? Metrics { get; set; }

    public string? ArtifactsLocation { get; set; }

    /// <summary>The model version that came of it.</summary>
    public string? ResultVersion { get; set; }

    public string? FailureReason { get; set; }

    /// <summary>What the trainer reported with its last failure, JSON.</summary>
    public string? FailureDetails { get; set; }

    /// <summary>The last attempt that a cancellation stopped; an attempt up to it that is heard of later does not run.</summary>
    public int CancelledAttempt { get; set; }

    /// <summary>One of <see cref="PhantomSync.Contracts.CancellationCause"/>.</summary>
    public string? CancellationCause { get; set; }

    public string? CancellationReason { get; set; }

    public string? CancelledBy { get; set; }

    /// <summary>How far the tenant's suspensions have come for this job: odd while one pauses it. See <see cref="PhantomSync.Contracts.CascadePosition"/>.</summary>
    public long SuspensionStep { get; set; }

    /// <summary>When it was last paused.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    public string? PauseReason { get; set; }

    /// <summary>The reminder that is under way.</summary>
    public Guid? NewsOverdueToken { get; set; }

    internal TrainingStatus Status => Enum.Parse<TrainingStatus>(CurrentState);
}

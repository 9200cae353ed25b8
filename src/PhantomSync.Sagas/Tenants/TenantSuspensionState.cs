using MassTransit;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Tenants;

/// <summary>A tenant's suspensions: the last one, and how far its cascade has come.</summary>
public sealed class TenantSuspensionState : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    /// <summary>The name of a <see cref="CascadeStatus"/>.</summary>
    public string CurrentState { get; set; } = nameof(CascadeStatus.Initial);

    public string TenantId { get; set; } = "";

    /// <summary>The number of the last suspension, counted from 1.</summary>
    public long Suspension { get; set; }

    public string Reason { get; set; } = "";

    public string SuspendedBy { get; set; } = "";

    public DateTimeOffset? SuspendedAt { get; set; }

    /// <summary>The tenant's tier when it was suspended; null where it was not known.</summary>
    public string? Tier { get; set; }

    /// <summary>What becomes of its running training jobs: one of <see cref="PhantomSync.Contracts.TrainingPolicy"/>.</summary>
    public string TrainingPolicy { get; set; } = PhantomSync.Contracts.TrainingPolicy.Cancel;

    public string? ResumedBy { get; set; }

    public DateTimeOffset? ResumedAt { get; set; }

    /// <summary>When the last service answered.</summary>
    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>Which step of the resumption is under way, from 0; 0 while suspending.</summary>
    public int Phase { get; set; }

    /// <summary>The services that have not answered yet, with commas between.</summary>
    public string Missing { get; set; } = "";

    /// <summary>Those of them that have been asked too often, with commas between.</summary>
    public string Overdue { get; set; } = "";

    /// <summary>How often the missing ones have been asked.</summary>
    public long Asked { get; set; }

    /// <summary>Counts every asking of the tenant's cascades; a reminder of an earlier one is stale.</summary>
    public long Round { get; set; }

    /// <summary>What the services answered, a JSON object by service.</summary>
    public string Answers { get; set; } = "{}";

    /// <summary>The reminder that is under way.</summary>
    public Guid? ReplyOverdueToken { get; set; }

    internal CascadeStatus Status => Enum.Parse<CascadeStatus>(CurrentState);

    /// <summary>Which half of the cascade is under way or was last.</summary>
    internal string Action => Status is CascadeStatus.Suspending or CascadeStatus.Suspended ? CascadeAction.Suspend : CascadeAction.Resume;
}

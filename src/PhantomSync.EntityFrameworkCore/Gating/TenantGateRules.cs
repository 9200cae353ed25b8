using PhantomSync.Contracts;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>
/// Which events are work that a suspended tenant may not have done. Without a rule: training that starts, inference, and agents
/// that start, both where they are published and where they are read. What ends work that runs always passes.
/// </summary>
public sealed class TenantGateRules
{
    private static readonly Type[] Work = [typeof(TrainingJobStarted), typeof(InferenceCompleted), typeof(BatchInferenceCompleted), typeof(AgentExecutionStarted)];

    internal HashSet<Type> Refused { get; } = [.. Work];

    internal HashSet<Type> Quarantined { get; } = [.. Work];

    /// <summary>Publishing it for a suspended tenant throws <see cref="TenantSuspendedException"/>; reading it parks it and its key.</summary>
    public TenantGateRules Hold<TEvent>()
        where TEvent : class, ISyncEvent
    {
        Refused.Add(typeof(TEvent));
        Quarantined.Add(typeof(TEvent));
        return this;
    }

    /// <summary>It passes whatever the tenant's standing.</summary>
    public TenantGateRules Pass<TEvent>()
        where TEvent : class, ISyncEvent
    {
        Refused.Remove(typeof(TEvent));
        Quarantined.Remove(typeof(TEvent));
        return this;
    }
}

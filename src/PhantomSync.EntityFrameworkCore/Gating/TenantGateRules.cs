using PhantomSync.Contracts;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>
/// Which events may not be handled for a tenant as it stands. Without a rule, a suspended tenant may not have work done: training
/// that starts, inference, and agents that start, both where they are published and where they are read; what ends work that runs
/// always passes. Nothing is done for a deleted tenant, and nothing is held for an unknown one.
/// </summary>
public sealed class TenantGateRules
{
    private static readonly Type[] Work = [typeof(TrainingJobStarted), typeof(InferenceCompleted), typeof(BatchInferenceCompleted), typeof(AgentExecutionStarted)];

    /// <summary>
    /// A tenant's own events, what is kept of it for its auditors, and what the services say to each other, passes whether or not
    /// the tenant is known or deleted.
    /// </summary>
    private static readonly HashSet<Type> AlwaysPassed =
    [
        typeof(TenantCreated),
        typeof(TenantUpdated),
        typeof(TenantSuspended),
        typeof(AuditLogCreated),
        .. CascadeEvents.All.Select(e => e.ClrType).Where(type => type != typeof(TrainingJobProgressed)),
    ];

    private readonly HashSet<Type> _passed = [];

    internal HashSet<Type> Refused { get; } = [.. Work];

    internal HashSet<Type> Quarantined { get; } = [.. Work];

    internal bool HoldsUnknown { get; private set; }

    /// <summary>Publishing it for a suspended tenant throws <see cref="TenantSuspendedException"/>; reading it parks it and its key.</summary>
    public TenantGateRules Hold<TEvent>()
        where TEvent : class, ISyncEvent
    {
        Refused.Add(typeof(TEvent));
        Quarantined.Add(typeof(TEvent));
        _passed.Remove(typeof(TEvent));
        return this;
    }

    /// <summary>It passes whatever the tenant's standing.</summary>
    public TenantGateRules Pass<TEvent>()
        where TEvent : class, ISyncEvent
    {
        Refused.Remove(typeof(TEvent));
        Quarantined.Remove(typeof(TEvent));
        _passed.Add(typeof(TEvent));
        return this;
    }

    /// <summary>
    /// Reading an event of a tenant that the service has not heard of parks it and its key until the tenant's own events have been
    /// handled; those always pass. The context must have a directory of tenants (<c>AddTenantDirectory</c>, <see cref="TrackTenants{TDbContext}"/>).
    /// A platform whose tenants are older than their log leaves it off until each of them has been heard of.
    /// </summary>
    public TenantGateRules HoldUnknown()
    {
        HoldsUnknown = true;
        return this;
    }

    /// <summary>Whether the event is kept from tenants that are unknown or deleted.</summary>
    internal bool Covers(Type eventType) => typeof(ISyncEvent).IsAssignableFrom(eventType) && !AlwaysPassed.Contains(eventType) && !_passed.Contains(eventType);
}

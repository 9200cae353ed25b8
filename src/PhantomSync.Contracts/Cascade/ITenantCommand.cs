namespace PhantomSync.Contracts;

/// <summary>
/// One service's step of a tenant's suspension, or of its end. It may come several times, and late: a service compares
/// <see cref="Suspension"/> with the last one it knows, acts on what is newer, and answers each with a <see cref="TenantCascadeStepDone"/>.
/// </summary>
public interface ITenantCommand : ISyncEvent
{
    /// <summary>The suspension, counted per tenant from 1; its end carries the same number.</summary>
    uint Suspension { get; }

    /// <summary>How often this has been asked, from 1.</summary>
    uint Attempt { get; }
}

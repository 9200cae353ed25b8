namespace PhantomSync.Sagas.Tenants;

/// <summary>Where a tenant's suspension stands. The names are those of the state machine's states.</summary>
public enum CascadeStatus
{
    /// <summary>It was never suspended.</summary>
    Initial,

    /// <summary>The services are being told to stop, and have not all answered.</summary>
    Suspending,

    /// <summary>Every service has stopped.</summary>
    Suspended,

    /// <summary>The services are being told to go on, one step after another, and have not all answered.</summary>
    Resuming,

    /// <summary>Every service goes on as before.</summary>
    Active,
}

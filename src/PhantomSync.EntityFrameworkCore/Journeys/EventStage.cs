namespace PhantomSync.EntityFrameworkCore.Journeys;

/// <summary>How far an event has come at a service.</summary>
public enum EventStage
{
    /// <summary>It has not reached the service, or the service has forgotten it: an inbox remembers for a time.</summary>
    NotSeen,

    /// <summary>What the service does because of it is done.</summary>
    Handled,

    /// <summary>It waits: behind an earlier event of its key, or because its tenant is suspended.</summary>
    Parked,

    /// <summary>The service could not handle it; it waits for an operator.</summary>
    DeadLettered,

    /// <summary>The service could not handle it, and an operator has given it up.</summary>
    Discarded,

    /// <summary>The service does not take events of its type.</summary>
    NotTaken,

    /// <summary>The service keeps no inbox; it does not remember single events.</summary>
    NotKept,
}

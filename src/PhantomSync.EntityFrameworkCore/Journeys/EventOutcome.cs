namespace PhantomSync.EntityFrameworkCore.Journeys;

/// <summary>What became of an event at one service.</summary>
/// <param name="Service">The service's consumer group.</param>
/// <param name="Stage">How far it has come.</param>
public sealed record EventOutcome(string Service, EventStage Stage)
{
    /// <summary>
    /// Where it is handled, when it came in, which is when it was handled unless it was a dead letter before; else when it failed
    /// last. To the second; null where the service does not remember.
    /// </summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Its dead letter, where there is one.</summary>
    public Guid? LetterId { get; init; }

    /// <summary>Why it was not handled.</summary>
    public string? Reason { get; init; }
}

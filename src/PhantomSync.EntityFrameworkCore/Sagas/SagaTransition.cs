namespace PhantomSync.EntityFrameworkCore;

/// <summary>One event as one instance has handled it.</summary>
/// <param name="Saga">The name of the saga's state type.</param>
/// <param name="CorrelationId">The instance.</param>
/// <param name="Sequence">1 for the instance's first event, and one more with each.</param>
/// <param name="TenantId">The tenant of the event; empty where it has none.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state after; the same where the event changed it not.</param>
/// <param name="Event">The event's name in the state machine.</param>
/// <param name="EventId">The message's id, where it has one.</param>
/// <param name="At">When it was handled.</param>
/// <param name="Finished">Whether the instance ended with it.</param>
public sealed record SagaTransition(
    string Saga,
    Guid CorrelationId,
    long Sequence,
    string TenantId,
    string From,
    string To,
    string Event,
    Guid? EventId,
    DateTimeOffset At,
    bool Finished);

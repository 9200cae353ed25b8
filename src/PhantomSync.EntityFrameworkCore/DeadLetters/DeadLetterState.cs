namespace PhantomSync.EntityFrameworkCore.DeadLetters;

/// <summary>What has become of a dead letter. The numbers stand in the table.</summary>
public enum DeadLetterState : short
{
    /// <summary>It waits for an operator; if it blocks its key, later events of the key wait behind it.</summary>
    Waiting = 0,

    /// <summary>It was handled after all.</summary>
    Replayed = 1,

    /// <summary>It will not be handled.</summary>
    Discarded = 2,

    /// <summary>The service will handle it as soon as it can; its key stays blocked until then.</summary>
    ReplayRequested = 3,

    /// <summary>The service will discard it as soon as it can; its key stays blocked until then.</summary>
    DiscardRequested = 4,
}

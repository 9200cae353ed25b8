namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>What an event waits for after its transaction has committed.</summary>
public enum HoldKind : short
{
    /// <summary>Nothing: it is sent at once.</summary>
    None = 0,

    /// <summary>Enough others of its kind, or its delay.</summary>
    Batch = 1,

    /// <summary>A moment at which nothing else is ready, or its delay.</summary>
    Eventual = 2,

    /// <summary>Its time; until then it can be cancelled.</summary>
    Scheduled = 3,
}

namespace PhantomSync.Conflicts.Queueing;

/// <summary>How the queue took what somebody wanted.</summary>
public enum QueueAnswerKind
{
    Done,

    /// <summary>There is no such conflict.</summary>
    Unknown,

    /// <summary>Somebody else is at it.</summary>
    ClaimedByAnother,

    /// <summary>It is resolved already.</summary>
    AlreadyResolved,

    /// <summary>What was wanted does not fit the conflict.</summary>
    Invalid,
}

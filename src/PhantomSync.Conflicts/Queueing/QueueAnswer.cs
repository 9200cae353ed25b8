using PhantomSync.Conflicts.Storing;

namespace PhantomSync.Conflicts.Queueing;

/// <summary>How the queue took what somebody wanted.</summary>
/// <param name="Kind">In one word.</param>
/// <param name="Message">For people; where it was refused, why and what to do.</param>
/// <param name="Record">The conflict as it is now; null where there is none.</param>
public sealed record QueueAnswer(QueueAnswerKind Kind, string Message, ConflictRecord? Record)
{
    /// <summary>Whether it was done.</summary>
    public bool IsDone => Kind == QueueAnswerKind.Done;
}

using PhantomSync.EntityFrameworkCore.Auditing;

namespace PhantomSync.EntityFrameworkCore.DeadLetters;

/// <summary>What operators do to dead letters, as the audit trail has it.</summary>
internal static class LetterDeeds
{
    public const string Replay = "REPLAY_DEAD_LETTER", Discard = "DISCARD_DEAD_LETTER";

    /// <summary>The service carries it out later; whether it could is to be seen in the letter.</summary>
    private const string Requested = "requested";

    /// <summary>A letter that could not be read says nothing of its tenant that could be trusted.</summary>
    public static OperatorDeed Of(string action, string service, DeadLetterSummary letter) =>
        new(action, letter.TenantId is { Length: > 0 } tenant ? tenant : OperatorDeed.Platform, "DEAD_LETTER", letter.Id.ToString())
        {
            Result = Requested,
            Details = [("service", service), ("source", letter.Source), ("event_type", letter.EventType), ("event_id", letter.EventId)],
        };
}

using PhantomSync.EntityFrameworkCore.DeadLetters;

namespace PhantomSync.Host.DeadLetters;

/// <summary>A letter in the list's JSON.</summary>
internal sealed record LetterLine(
    string Id,
    string Service,
    string Source,
    string State,
    bool Blocks,
    bool Parked,
    string Topic,
    int? Partition,
    long? Offset,
    string? Key,
    string? EventType,
    string? EventId,
    string? TenantId,
    string? IdempotencyKey,
    string Reason,
    int Attempts,
    DateTimeOffset FirstFailedAt,
    DateTimeOffset LastFailedAt)
{
    public static LetterLine Of(string service, DeadLetterSummary letter) => new(
        letter.Id.ToString(), service, letter.Source, StateOf(letter), letter.Blocks, letter.Parked, letter.Topic, letter.Partition, letter.Offset, letter.Key,
        letter.EventType, letter.EventId, letter.TenantId, letter.IdempotencyKey, letter.Reason, letter.Attempts, letter.FirstFailedAt, letter.LastFailedAt);

    /// <summary>One or two words.</summary>
    public static string StateOf(DeadLetterSummary letter) => letter.State switch
    {
        DeadLetterState.Waiting => letter.Parked ? "parked" : letter.Blocks ? "blocking" : "waiting",
        DeadLetterState.Replayed => "replayed",
        DeadLetterState.Discarded => "discarded",
        DeadLetterState.ReplayRequested => "replay requested",
        _ => "discard requested",
    };
}

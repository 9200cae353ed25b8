using System.Text;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Reading;
using PhantomSync.EntityFrameworkCore.Journeys;
using PhantomSync.Host.DeadLetters;

namespace PhantomSync.Host.Auditing;

/// <summary>The audit trail for people. What comes from events is shown without control characters, so that it cannot steer the terminal.</summary>
internal static class AuditText
{
    public static string Line(AuditEntry entry) => LetterText.Clean(
        $"{entry.Timestamp}  {entry.Id}  {entry.Result,-8} {entry.Action,-28} {entry.ResourceType}/{entry.ResourceId}  by {entry.UserId}  {entry.Details}");

    public static string Full(AuditedEvent found)
    {
        var entry = found.Entry;
        var text = new StringBuilder();
        foreach (var (name, value) in Facts(entry))
            text.AppendLine($"{name,-13} {LetterText.Clean(value)}");
        text.AppendLine().AppendLine("services");
        foreach (var outcome in found.Outcomes.Where(outcome => outcome.Stage != EventStage.NotTaken))
            text.AppendLine($"  {outcome.Service,-20} {LetterText.Clean(Words(outcome))}");
        if (found.Outcomes.All(outcome => outcome.Stage == EventStage.NotTaken))
            text.AppendLine("  none takes it");
        return text.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Facts(AuditEntry entry)
    {
        yield return ("id", entry.Id.ToString());
        yield return ("event", $"{entry.EventType} {entry.EventId}, said by {entry.SourceService}");
        yield return ("tenant", entry.TenantId);
        yield return ("done", $"{entry.Timestamp} by {entry.UserId}");
        yield return ("action", $"{entry.Action} {entry.ResourceType}/{entry.ResourceId}: {entry.Result}");
        yield return ("details", entry.Details ?? "erased");
        if (entry.CorrelationId is { } correlation)
            yield return ("correlation", correlation.ToString());
        if (entry.CausationId is { } cause)
            yield return ("cause", cause.ToString());
    }

    private static string Words(EventOutcome outcome) => outcome.Stage switch
    {
        EventStage.NotSeen => "not seen, or forgotten",
        EventStage.Handled when outcome.Reason is { } reason => $"handled{At(outcome)}; another record under its key is dead letter {outcome.LetterId}: {reason}",
        EventStage.Handled when outcome.LetterId is { } letter => $"handled: it came{At(outcome)} and failed, and dead letter {letter} was replayed",
        EventStage.Handled => $"handled{At(outcome)}",
        EventStage.Parked => $"parked{At(outcome)}, dead letter {outcome.LetterId}: {outcome.Reason}",
        EventStage.DeadLettered => $"dead-lettered{At(outcome)}, dead letter {outcome.LetterId}: {outcome.Reason}",
        EventStage.Discarded => $"discarded{At(outcome)}, dead letter {outcome.LetterId}: {outcome.Reason}",
        _ => "takes it, and keeps no inbox to tell from",
    };

    private static string At(EventOutcome outcome) => outcome.At is { } at ? $" {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "";
}

using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Storing;
using PhantomSync.Host.DeadLetters;
using Spectre.Console;

namespace PhantomSync.Host.Conflicts;

/// <summary>A conflict for people.</summary>
internal static class ConflictText
{
    private const int ShortId = 12;

    public static string Line(ConflictRecord record, DateTimeOffset now) =>
        LetterText.Clean($"{record.ConflictId}  {Status(record, now)}  {record.TenantId}  {record.ResourceType}/{record.ResourceId}  {string.Join(",", record.ReadFields())}  {record.DetectedAt:yyyy-MM-dd HH:mm:ss}Z");

    public static IEnumerable<string> Head(string service, ConflictRecord record, DateTimeOffset now)
    {
        yield return $"id         {record.ConflictId}";
        yield return $"resource   {record.ResourceType}/{record.ResourceId} of tenant {record.TenantId}, kept by {service}";
        yield return $"status     {Status(record, now)}";
        yield return $"in dispute {string.Join(", ", record.ReadFields())}";
        yield return $"detected   {record.DetectedAt:yyyy-MM-dd HH:mm:ss}Z";
        yield return $"strategy   {record.Strategy}";
        yield return $"because    {record.Reason}";
        if (record.ResolvedAt is { } at)
            yield return $"resolved   {at:yyyy-MM-dd HH:mm:ss}Z by {record.ResolvedBy}: {record.Resolution}";
    }

    /// <summary>The changes side by side, their fields below; a star stands before those in dispute.</summary>
    public static Table SideBySide(ConflictRecord record)
    {
        var changes = record.ReadChanges();
        var disputed = record.ReadFields();
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (var change in changes)
            table.AddColumn(new TableColumn(Cell(change.ChangeId == record.WinningChangeId ? $"{IdOf(change, changes)} (won)" : IdOf(change, changes))));
        Row("source", change => change.SourceService);
        Row("made at", change => change.Timestamp.ToString());
        Row("by", change => change.ChangedBy);
        Row("from", change => change.PreviousVersion);
        Row("to", change => change.NewVersion);
        Row("clock", change => change.VectorClock?.ToString());
        table.AddEmptyRow();
        foreach (var field in changes.SelectMany(change => change.Changes.Keys).Distinct(StringComparer.Ordinal).OrderBy(field => (!disputed.Contains(field), field)))
            Row(disputed.Contains(field) ? $"* {field}" : $"  {field}", change => change.Changes.TryGetValue(field, out var value) ? value.GetRawText() : null);
        return table;

        void Row(string name, Func<ConflictingChange, string?> value)
        {
            if (name[0] is '*' or ' ' || changes.Any(change => value(change) is not null))
                table.AddRow([Cell(name), .. changes.Select(change => Cell(value(change) ?? "-"))]);
        }
    }

    private static string Status(ConflictRecord record, DateTimeOffset now) =>
        record.StatusAt(now) == ConflictStatus.InProgress ? $"InProgress (claimed by {record.ClaimedBy} until {record.ClaimedUntil:HH:mm:ss}Z)" : record.StatusAt(now).ToString();

    /// <summary>The end of an id tells as much as the whole where it tells them apart.</summary>
    private static string IdOf(ConflictingChange change, IReadOnlyList<ConflictingChange> changes)
    {
        var end = change.ChangeId.Length > ShortId && Guid.TryParse(change.ChangeId, out _) ? change.ChangeId[^ShortId..] : change.ChangeId;
        return changes.Count(other => other.ChangeId.EndsWith(end, StringComparison.OrdinalIgnoreCase)) == 1 ? end : change.ChangeId;
    }

    private static Markup Cell(string text) => new(Markup.Escape(LetterText.Clean(text)));
}

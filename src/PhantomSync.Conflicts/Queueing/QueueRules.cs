using System.Text.Json;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Resolving;
using PhantomSync.Conflicts.Storing;
using PhantomSync.Contracts;

namespace PhantomSync.Conflicts.Queueing;

/// <summary>Who may do what with a conflict, and what a decision means.</summary>
internal static class QueueRules
{
    /// <summary>Null where <paramref name="by"/> may claim or resolve it now.</summary>
    public static QueueAnswer? Refusal(ConflictRecord record, string by, DateTimeOffset now)
    {
        if (!record.IsOpen)
        {
            return new QueueAnswer(
                QueueAnswerKind.AlreadyResolved, $"{record.ConflictId} was resolved by {record.ResolvedBy} at {record.ResolvedAt:yyyy-MM-dd HH:mm:ss}Z ({record.Strategy}): {record.Reason}", record);
        }

        return record.StatusAt(now) == ConflictStatus.InProgress && record.ClaimedBy != by
            ? new QueueAnswer(
                QueueAnswerKind.ClaimedByAnother, $"{record.ConflictId} is claimed by {record.ClaimedBy} until {record.ClaimedUntil:yyyy-MM-dd HH:mm:ss}Z. Ask them, or wait until then.", record)
            : null;
    }

    public static void Claim(ConflictRecord record, string by, DateTimeOffset until)
    {
        record.Status = ConflictStatus.InProgress;
        record.ClaimedBy = by;
        record.ClaimedUntil = until;
        record.Revision++;
    }

    /// <summary>The values that a decision gives the fields in dispute.</summary>
    /// <returns>The values; or what is wrong, for people.</returns>
    public static (IReadOnlyDictionary<string, JsonElement>? Values, ConflictingChange? Chosen, string? Fault) Read(ConflictRecord record, ManualResolution resolution)
    {
        var given = (ReadOnlySpan<bool>)[resolution.Choose is not null, resolution.Merge is not null, resolution.Values is not null];
        if (given.Count(true) != 1)
            return (null, null, "Give one of: a change to choose, a change for each field, or values.");
        var fields = record.ReadFields();
        var changes = record.ReadChanges();
        if (resolution.Choose is { } choice)
        {
            return Find(changes, choice, out var fault) is { } chosen
                ? (fields.ToDictionary(field => field, field => chosen.Changes[field], StringComparer.Ordinal), chosen, null)
                : (null, null, fault);
        }

        var names = resolution.Merge?.Keys ?? resolution.Values!.Keys;
        if (!names.Order(StringComparer.Ordinal).SequenceEqual(fields, StringComparer.Ordinal))
            return (null, null, $"In dispute is {string.Join(", ", fields)}; given is {(names.Any() ? string.Join(", ", names.Order(StringComparer.Ordinal)) : "nothing")}. Give each of them once.");
        if (resolution.Values is { } values)
            return (values, null, null);
        var merged = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (field, from) in resolution.Merge!)
        {
            if (Find(changes, from, out var fault) is not { } source)
                return (null, null, fault);
            merged[field] = source.Changes[field];
        }

        return (merged, null, null);
    }

    public static void Resolve(ConflictRecord record, ManualResolution resolution, IReadOnlyDictionary<string, JsonElement> values, string? winner, DateTimeOffset now)
    {
        record.Status = ConflictStatus.Resolved;
        record.Strategy = nameof(StrategyKind.ManualResolution);
        record.WinningChangeId = winner;
        record.Resolution = ChangeJson.Write(new SortedDictionary<string, JsonElement>(values.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal));
        record.ResolvedBy = resolution.By;
        record.ResolvedAt = now;
        record.Reason = resolution.Reason;
        (record.ClaimedBy, record.ClaimedUntil) = (null, null);
        record.Revision++;
    }

    /// <summary>
    /// A decision is a change that knows all those it decides between. It bears the label of the one that was chosen, so that what is made to
    /// that version is made to the decision.
    /// </summary>
    public static ConflictingChange Change(ConflictRecord record, IReadOnlyDictionary<string, JsonElement> values, ConflictingChange? chosen, string by, MergedState before, DateTimeOffset now)
    {
        var changes = record.ReadChanges();
        return new ConflictingChange
        {
            ChangeId = $"resolution-{record.ConflictId}-{record.Revision}",
            TenantId = record.TenantId,
            SourceService = "conflict-resolution",
            Timestamp = Timestamp.From(now).ToMicroseconds(),
            Changes = values,
            ChangedBy = by,
            NewVersion = LabelOf(changes, chosen, before),
            Version = changes.All(change => change.Version is not null) ? changes.Max(change => change.Version) : null,
            VectorClock = changes.All(change => change.VectorClock is not null) ? changes.Select(change => change.VectorClock!).Aggregate((one, other) => one.Merge(other)) : null,
            Supersedes = [.. changes.Select(change => change.ChangeId)],
        };
    }

    /// <summary>That of a change which it decides about: no other's, since one of the changes could have been made to that.</summary>
    private static string? LabelOf(IReadOnlyList<ConflictingChange> changes, ConflictingChange? chosen, MergedState before) =>
        chosen?.NewVersion
        ?? changes.FirstOrDefault(change => change.ChangeId == before.Latest?.ChangeId)?.NewVersion
        ?? changes.LastOrDefault(change => change.NewVersion is not null)?.NewVersion;

    private static ConflictingChange? Find(IReadOnlyList<ConflictingChange> changes, string id, out string? fault)
    {
        var found = changes.Where(change => id.Length > 0 && change.ChangeId.EndsWith(id, StringComparison.OrdinalIgnoreCase)).ToArray();
        fault = found.Length switch
        {
            1 => null,
            0 => $"'{id}' is none of its changes; they are {string.Join(", ", changes.Select(change => change.ChangeId))}.",
            _ => $"'{id}' is the end of {found.Length} of its changes' ids. Give more of it.",
        };
        return found.Length == 1 ? found[0] : null;
    }
}

using System.Text.Json;
using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts.Storing;

/// <summary>What the kept conflicts of a resource become, given what its changes come to. What is resolved stays as it is.</summary>
internal static class ConflictLedger
{
    /// <summary>Who resolves where no person does.</summary>
    public const string System = "system:conflict-resolution";

    /// <param name="resource">Whose conflicts.</param>
    /// <param name="kept">Those that are kept: all open ones, and those of the state's whose keys are not in <paramref name="recorded"/>.</param>
    /// <param name="recorded">The keys of those that are kept just as the state has them.</param>
    /// <param name="state">What its changes come to.</param>
    /// <param name="now">The time that is written down.</param>
    /// <returns>What was found or closed just now.</returns>
    public static IReadOnlyList<LedgerEntry> Reconcile(
        ResourceKey resource, IReadOnlyCollection<ConflictRecord> kept, IReadOnlyCollection<string> recorded, MergedState state, DateTimeOffset now)
    {
        var entries = new List<LedgerEntry>();
        var known = kept.ToDictionary(record => record.ConflictId);
        foreach (var found in state.Conflicts.Where(found => !recorded.Contains(KeyOf(found))))
        {
            if (!known.TryGetValue(found.Id, out var record))
                entries.Add(Open(resource, found, now));
            else if (record.IsOpen || !found.NeedsPerson)
                Follow(record, found);
            else
                entries.Add(Reopen(record, found));
        }

        var standing = state.Conflicts.Select(found => found.Id).ToHashSet();
        foreach (var record in kept.Where(record => record.IsOpen && !standing.Contains(record.ConflictId)))
        {
            Close(record, $"Void: {Successor(record, state)}.", now);
            entries.Add(new LedgerEntry(record, IsNew: false, IsClosed: true));
        }

        return entries;
    }

    /// <summary>What is kept of a conflict changes when this does.</summary>
    public static string KeyOf(FoundConflict found) => $"{found.Id} {found.NeedsPerson} {string.Join(' ', found.Fields)}";

    /// <summary>Ends a conflict that nobody has to decide any more.</summary>
    public static void Close(ConflictRecord record, string reason, DateTimeOffset now)
    {
        record.Status = ConflictStatus.Resolved;
        record.ResolvedBy = System;
        record.ResolvedAt = now;
        record.Resolution = "{}";
        record.Reason = reason;
        record.Revision++;
    }

    /// <summary>Further changes can move a dispute to other fields. One that is over keeps those that it was about.</summary>
    private static void Follow(ConflictRecord record, FoundConflict found)
    {
        var fields = record.ReadFields();
        if (record.IsOpen ? found.Fields.SequenceEqual(fields, StringComparer.Ordinal) : found.Fields.All(fields.Contains))
            return;
        record.Fields = ChangeJson.Write<string[]>(record.IsOpen ? [.. found.Fields] : [.. found.Fields.Union(fields, StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        if (!record.IsOpen)
            record.Resolution = ChangeJson.Write(Sorted(ValuesOf(found).Concat(ChangeJson.ReadValues(record.Resolution!))));
        record.Revision++;
    }

    /// <summary>It had become void, or was decided for other fields, and further changes have brought it up again.</summary>
    private static LedgerEntry Reopen(ConflictRecord record, FoundConflict found)
    {
        record.Status = ConflictStatus.ManualResolutionRequired;
        record.Fields = ChangeJson.Write(found.Fields);
        record.Strategy = found.Decision.Strategy;
        record.Reason = found.Decision.Reason;
        (record.Resolution, record.WinningChangeId, record.ResolvedBy, record.ResolvedAt) = (null, null, null, null);
        record.Revision++;
        return new LedgerEntry(record, IsNew: true, IsClosed: false);
    }

    private static LedgerEntry Open(ResourceKey resource, FoundConflict found, DateTimeOffset now)
    {
        var record = new ConflictRecord
        {
            ConflictId = found.Id,
            TenantId = resource.TenantId,
            ResourceType = resource.ResourceType,
            ResourceId = resource.ResourceId,
            Fields = ChangeJson.Write(found.Fields),
            Changes = ChangeJson.Write(found.Changes),
            DetectedAt = now,
            Status = ConflictStatus.Detected,
            Strategy = found.Decision.Strategy,
            Trace = ChangeJson.Write(found.Decision.Trace),
            Reason = found.Decision.Reason,
        };
        record.Status = found.NeedsPerson ? ConflictStatus.ManualResolutionRequired : ConflictStatus.AutoResolved;
        if (!found.NeedsPerson)
        {
            record.WinningChangeId = found.Decision.WinningChangeId;
            record.Resolution = ChangeJson.Write(Sorted(ValuesOf(found)));
            record.ResolvedBy = System;
            record.ResolvedAt = now;
        }

        return new LedgerEntry(record, IsNew: true, IsClosed: !found.NeedsPerson);
    }

    private static IEnumerable<KeyValuePair<string, JsonElement>> ValuesOf(FoundConflict found)
    {
        var values = found.Decision.Merged ?? found.Changes.Single(change => change.ChangeId == found.Decision.WinningChangeId).Changes;
        return found.Fields.Select(field => KeyValuePair.Create(field, values[field]));
    }

    private static SortedDictionary<string, JsonElement> Sorted(IEnumerable<KeyValuePair<string, JsonElement>> values)
    {
        var sorted = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (field, value) in values)
            sorted.TryAdd(field, value);
        return sorted;
    }

    private static string Successor(ConflictRecord record, MergedState state)
    {
        var ids = ChangeJson.ReadChanges(record.Changes).Select(change => change.ChangeId).ToHashSet(StringComparer.Ordinal);
        var successor = state.Conflicts.FirstOrDefault(found => found.Changes.Any(change => ids.Contains(change.ChangeId)));
        return successor is null
            ? "a later change knew them all, or they turned out to follow one another"
            : $"a further change has come, and conflict {successor.Id} stands in its place";
    }
}

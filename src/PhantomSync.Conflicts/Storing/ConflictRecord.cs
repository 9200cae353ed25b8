using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts.Storing;

/// <summary>A conflict as it is kept: what it is about never changes, what became of it does.</summary>
public sealed class ConflictRecord
{
    /// <summary>Made of the resource and the changes.</summary>
    public required Guid ConflictId { get; init; }

    public required string TenantId { get; init; }

    public required string ResourceType { get; init; }

    public required string ResourceId { get; init; }

    /// <summary>The fields in dispute, a JSON array.</summary>
    public required string Fields { get; set; }

    /// <summary>The changes with all they say, the earliest first, a JSON array.</summary>
    public required string Changes { get; init; }

    public required DateTimeOffset DetectedAt { get; init; }

    public ConflictStatus Status { get; set; }

    /// <summary>What decided, or <c>ManualResolution</c>.</summary>
    public required string Strategy { get; set; }

    /// <summary>What was asked, and what it said, a JSON array.</summary>
    public required string Trace { get; init; }

    /// <summary>The change that won; null where none did.</summary>
    public string? WinningChangeId { get; set; }

    /// <summary>The fields with the values that they were given, a JSON object; null until then.</summary>
    public string? Resolution { get; set; }

    /// <summary>Why it was resolved like this, or why a person has to.</summary>
    public required string Reason { get; set; }

    /// <summary>A person, or <c>system:</c> and what did it; null until then.</summary>
    public string? ResolvedBy { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>Who is at it; counts until <see cref="ClaimedUntil"/>.</summary>
    public string? ClaimedBy { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>Counts up with every change of the row, so that of two who change it at once one is told.</summary>
    public int Revision { get; set; }

    /// <summary>Whether a person has yet to decide.</summary>
    public bool IsOpen => Status is ConflictStatus.Detected or ConflictStatus.InProgress or ConflictStatus.ManualResolutionRequired;

    /// <summary>Its status at that moment: a claim that has run out does not count.</summary>
    public ConflictStatus StatusAt(DateTimeOffset now) =>
        Status == ConflictStatus.InProgress && ClaimedUntil <= now ? ConflictStatus.ManualResolutionRequired : Status;

    /// <summary>The changes, the earliest first.</summary>
    public IReadOnlyList<ConflictingChange> ReadChanges() => ChangeJson.ReadChanges(Changes);

    /// <summary>The fields in dispute.</summary>
    public IReadOnlyList<string> ReadFields() => ChangeJson.ReadTexts(Fields);
}

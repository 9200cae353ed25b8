using System.Text.Json;

namespace PhantomSync.Conflicts.Resolving;

/// <summary>Between some changes: which wins, or which values, and why; or that a person must say.</summary>
public sealed record ConflictDecision
{
    /// <summary>What decided, such as <c>LastWriteWins</c> or <c>BusinessRule:TrainingServicePriority</c>; <c>ManualResolution</c> where nothing did.</summary>
    public required string Strategy { get; init; }

    /// <summary>The change whose values count; null where <see cref="Merged"/> or a person decides.</summary>
    public string? WinningChangeId { get; init; }

    /// <summary>The values that a rule made of several changes.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Merged { get; init; }

    public required string Reason { get; init; }

    /// <summary>What was asked before, and what it said; the last entry is what decided.</summary>
    public IReadOnlyList<string> Trace { get; init; } = [];

    /// <summary>Whether anything decided.</summary>
    public bool IsMade => WinningChangeId is not null || Merged is not null;

    internal static ConflictDecision Wins(string strategy, string changeId, string reason) => new() { Strategy = strategy, WinningChangeId = changeId, Reason = reason };

    internal static ConflictDecision Undecided(string strategy, string reason) => new() { Strategy = strategy, Reason = reason };
}

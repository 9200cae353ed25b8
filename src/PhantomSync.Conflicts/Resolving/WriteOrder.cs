using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts.Resolving;

/// <summary>
/// The latest or the earliest of some changes. Clocks of different sources are believed as far as they may be apart: a change that
/// would win only because its clock is further off than that does not win by it.
/// </summary>
internal static class WriteOrder
{
    public static ConflictDecision Last(IReadOnlyList<ConflictingChange> changes, TimeSpan maxSkew)
    {
        var winner = changes.Max(TotalOrder.Instance)!;
        var next = changes.Where(change => change.SourceService != winner.SourceService).Max(TotalOrder.Instance);
        return Judge(nameof(StrategyKind.LastWriteWins), winner, next, next is null ? 0 : winner.Timestamp.Ticks - next.Timestamp.Ticks, maxSkew, "later", "latest");
    }

    public static ConflictDecision First(IReadOnlyList<ConflictingChange> changes, TimeSpan maxSkew)
    {
        var winner = changes.Min(TotalOrder.Instance)!;
        var next = changes.Where(change => change.SourceService != winner.SourceService).Min(TotalOrder.Instance);
        return Judge(nameof(StrategyKind.FirstWriteWins), winner, next, next is null ? 0 : next.Timestamp.Ticks - winner.Timestamp.Ticks, maxSkew, "earlier", "earliest");
    }

    private static ConflictDecision Judge(string strategy, ConflictingChange winner, ConflictingChange? next, long apart, TimeSpan maxSkew, string more, string most)
    {
        if (apart > maxSkew.Ticks)
        {
            return ConflictDecision.Undecided(
                strategy,
                $"change {winner.ChangeId} of {winner.SourceService} is {TimeSpan.FromTicks(apart):c} {more} than {next!.ChangeId} of {next.SourceService}; clocks are believed within {maxSkew:c}");
        }

        return ConflictDecision.Wins(
            strategy,
            winner.ChangeId,
            apart == 0 && next is not null ? $"the same time {winner.Timestamp} as another; source and id decide" : $"the {most}, made at {winner.Timestamp}");
    }
}

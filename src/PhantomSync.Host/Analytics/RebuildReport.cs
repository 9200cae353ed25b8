using PhantomSync.Analytics;

namespace PhantomSync.Host.Analytics;

/// <summary>What <c>analytics rebuild</c> did.</summary>
/// <param name="From">From when on; null: from the beginning.</param>
/// <param name="To">Up to when; null: to the end.</param>
/// <param name="Tables">The tables, with their rows of that time.</param>
internal sealed record RebuildReport(string? From, string? To, IReadOnlyList<RebuiltTable> Tables)
{
    public static RebuildReport Of(TimeWindow window, IReadOnlyList<RebuiltTable> tables) => new(
        window.From == DateTimeOffset.MinValue ? null : Coverage.Text(window.From), window.To == DateTimeOffset.MaxValue ? null : Coverage.Text(window.To), tables);
}

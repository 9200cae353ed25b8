using System.Globalization;
using PhantomSync.Analytics;

namespace PhantomSync.Host.Analytics;

/// <summary>What <c>analytics reconcile</c> found.</summary>
internal sealed record ReconcileReport
{
    /// <summary>Whether store and topics agree now.</summary>
    public required bool Agrees { get; init; }

    /// <summary>From when on was compared; null: everything.</summary>
    public required string? From { get; init; }

    /// <summary>Up to when; null: everything.</summary>
    public required string? To { get; init; }

    /// <summary>From when on Kafka has everything; null: nothing was ever removed.</summary>
    public required string? CompleteFrom { get; init; }

    public required int Slices { get; init; }

    /// <summary>Rows that the topics make.</summary>
    public required long Rows { get; init; }

    /// <summary>Those of them that the service has yet to handle.</summary>
    public required long Waiting { get; init; }

    /// <summary>Records that could not be read.</summary>
    public required long Unreadable { get; init; }

    /// <summary>Slices that differed and agree now.</summary>
    public required int Repaired { get; init; }

    /// <summary>What differed at first.</summary>
    public required IReadOnlyList<Difference> Differences { get; init; }

    public static ReconcileReport Of(TimeWindow window, MetricsHistory history, MetricsComparison found, MetricsComparison left)
    {
        var open = left.Differences.Select(difference => difference.Slice).ToHashSet();
        return new ReconcileReport
        {
            Agrees = left.Differences.Count == 0,
            From = window.From == DateTimeOffset.MinValue ? null : Coverage.Text(window.From),
            To = window.To == DateTimeOffset.MaxValue ? null : Coverage.Text(window.To),
            CompleteFrom = history.CompleteFrom is { } complete ? Coverage.Text(complete) : null,
            Slices = left.Slices,
            Rows = left.Rows,
            Waiting = left.Waiting,
            Unreadable = history.Unreadable,
            Repaired = found.Differences.Count(difference => !open.Contains(difference.Slice)),
            Differences = [.. found.Differences.Select(difference => Difference.Of(difference, !open.Contains(difference.Slice)))],
        };
    }

    internal sealed record Difference(
        string Table, string TenantId, string Hour, long SourceRows, long StoreRows, string SourceChecksum, string StoreChecksum, bool IsRepaired)
    {
        public static Difference Of(MetricsDifference difference, bool repaired) => new(
            difference.Slice.Table, difference.Slice.TenantId, Coverage.Text(new DateTimeOffset(difference.Slice.Hour)), difference.Source.Rows, difference.Store.Rows,
            difference.Source.Checksum.ToString("x16", CultureInfo.InvariantCulture), difference.Store.Checksum.ToString("x16", CultureInfo.InvariantCulture), repaired);
    }
}

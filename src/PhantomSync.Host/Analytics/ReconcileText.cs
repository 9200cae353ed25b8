using PhantomSync.Host.DeadLetters;

namespace PhantomSync.Host.Analytics;

/// <summary>What <c>analytics reconcile</c> found, for people: the differences and a summary.</summary>
internal static class ReconcileText
{
    public static void Write(TextWriter to, ReconcileReport report)
    {
        foreach (var difference in report.Differences)
            to.WriteLine($"{difference.Table,-24} {LetterText.Clean(difference.TenantId),-16} {difference.Hour}  {What(difference)}{(difference.IsRepaired ? "; repaired" : "")}");
        to.WriteLine($"{report.Rows:N0} rows in {Slices(report.Slices)} of table, tenant and hour are compared{(report.From is null ? "" : $", from {report.From} on")}{(report.To is null ? "" : $", before {report.To}")}.");
        if (report.CompleteFrom is not null)
            to.WriteLine($"Kafka has everything from {report.CompleteFrom} on; what is older is not compared.");
        if (report.Waiting > 0)
            to.WriteLine($"{report.Waiting:N0} of the rows are of events that analytics has yet to handle; the store may have them or not.");
        if (report.Unreadable > 0)
            to.WriteLine($"{report.Unreadable:N0} records cannot be read and make no rows; see 'dead-letters list'.");
        to.WriteLine(Verdict(report));
    }

    private static string What(ReconcileReport.Difference difference) => (difference.SourceRows - difference.StoreRows) switch
    {
        > 0 and var missing => $"{missing:N0} of {difference.SourceRows:N0} rows are missing",
        < 0 and var missing => $"{-missing:N0} rows too many; {difference.SourceRows:N0} are expected",
        _ => $"{difference.SourceRows:N0} rows, but others or with other numbers",
    };

    private static string Verdict(ReconcileReport report)
    {
        var left = report.Differences.Count - report.Repaired;
        if (left > 0)
            return $"{(report.Repaired > 0 ? $"{Slices(report.Repaired)} repaired, " : "")}{Slices(left)} {(left == 1 ? "differs" : "differ")}. --repair writes what is missing; 'analytics rebuild' mends the rest.";
        if (report.Slices == 0)
            return "There was nothing to compare.";
        return $"{(report.Repaired > 0 ? $"{Slices(report.Repaired)} repaired. " : "")}The store is what the topics say.";
    }

    private static string Slices(int count) => count == 1 ? "1 slice" : $"{count:N0} slices";
}

using Spectre.Console;

namespace PhantomSync.Host.Demo;

/// <summary>The closing table.</summary>
internal static class DemoTable
{
    public static Table Of(DemoReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        Row("published", report.Published);
        Row("delivered", report.Delivered);
        Row("handled", report.Handled);
        Row("model versions created", report.VersionsCreated);
        Row("duplicates dropped", report.DuplicatesDropped);
        Zero("lost", report.Lost);
        Zero("applied twice", report.AppliedTwice);
        Zero("out of order", report.OutOfOrder);
        table.AddRow("end-to-end delay, p50 / p99", $"{report.DelayMs.P50:N1} / {report.DelayMs.P99:N1} ms");
        table.AddRow("elapsed", $"{report.ElapsedS:N1} s");
        return table;

        void Row(string name, long value) => table.AddRow(name, value.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
        void Zero(string name, long value) => table.AddRow(name, value == 0 ? "[green]0[/]" : $"[red]{value:N0}[/]");
    }
}

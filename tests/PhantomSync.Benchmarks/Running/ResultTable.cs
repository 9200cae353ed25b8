using PhantomSync.Benchmarks.Workloads;
using Spectre.Console;

namespace PhantomSync.Benchmarks.Running;

/// <summary>The results for people.</summary>
internal static class ResultTable
{
    public static Table Of(IEnumerable<Result> results)
    {
        var table = new Table().RoundedBorder()
            .AddColumns("workload", "ours: median (range)", "baseline: median (range)", "ratio", "target", "CPU per event: ours / baseline", "with PostgreSQL's", "allocated");
        foreach (var result in results)
        {
            var colour = result.Meets ? "green" : "red";
            table.AddRow(
                result.Name,
                Cell(result, result.Ours),
                Cell(result, result.Baseline),
                $"[{colour}]{result.Ratio:F2}[/]",
                result.IsDelay ? $"[{colour}]p99 ≤ {result.Target:F0} ms[/]" : $"≥ {result.Target:F1}",
                $"{Cpu(result.Ours):F0} / {Cpu(result.Baseline):F0} µs",
                $"{Whole(result.Ours):F0} / {Whole(result.Baseline):F0} µs",
                $"{Allocated(result.Ours):F1} / {Allocated(result.Baseline):F1} KB");
        }

        return table;
    }

    private static string Cell(Result result, IReadOnlyList<Measure> runs) => result.IsDelay
        ? $"p50 {Result.Median(runs.Select(run => run.P50)):F1}, p99 {Result.Median(runs.Select(run => run.P99)):F1} ms ({runs.Min(run => run.P99):F1}–{runs.Max(run => run.P99):F1})"
        : $"{Result.Median(runs.Select(run => run.PerSecond)):N0}/s ({runs.Min(run => run.PerSecond):N0}–{runs.Max(run => run.PerSecond):N0})";

    private static double Whole(IReadOnlyList<Measure> runs) => Result.Median(runs.Select(run => run.CpuMicrosecondsPerEvent + run.PostgresMicrosecondsPerEvent));

    private static double Allocated(IReadOnlyList<Measure> runs) => Result.Median(runs.Select(run => run.BytesPerEvent)) / 1_000;

    private static double Cpu(IReadOnlyList<Measure> runs) => Result.Median(runs.Select(run => run.CpuMicrosecondsPerEvent));
}

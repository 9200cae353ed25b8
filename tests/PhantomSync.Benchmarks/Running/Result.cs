using PhantomSync.Benchmarks.Workloads;

namespace PhantomSync.Benchmarks.Running;

/// <summary>All runs of a workload and of its baseline.</summary>
internal sealed record Result(string Name, double Target, bool IsDelay, IReadOnlyList<Measure> Ours, IReadOnlyList<Measure> Baseline)
{
    /// <summary>Of the medians.</summary>
    public double Ratio => Median(Ours.Select(run => run.Value)) / Median(Baseline.Select(run => run.Value));

    /// <summary>What the target is for.</summary>
    public double Score => IsDelay ? Median(Ours.Select(run => run.P99)) : Ratio;

    public bool Meets => IsDelay ? Score <= Target : Score >= Target;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

namespace PhantomSync.Benchmarks.Running;

/// <summary>How runs are made.</summary>
/// <param name="Quick">Few events and runs.</param>
/// <param name="RunsGiven">Runs of each side; null for the usual number.</param>
/// <param name="Events">Events of a run; null for what suits the workload.</param>
/// <param name="OursAlone">Without the baselines.</param>
/// <param name="Statements">Prints what PostgreSQL spent its time on.</param>
internal sealed record RunOptions(bool Quick, int? RunsGiven, int? Events, bool OursAlone, bool Statements)
{
    public int Runs => Math.Max(1, RunsGiven ?? (Quick ? 3 : 5));
}

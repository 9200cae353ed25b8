using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>A piece of work that the framework and a hand-written program both do. Either fails if an event was lost or doubled.</summary>
internal interface IWorkload
{
    string Name { get; }

    /// <summary>The least ratio of ours to the baseline; for delays the most milliseconds at the 99th percentile.</summary>
    double Target { get; }

    /// <summary>How many events a run has.</summary>
    int Events(bool quick);

    /// <summary>
    /// How many events each side handles before it is measured, so that neither pays for the compiler: the runtime compiles what is
    /// used often three times, the last time on a thread beside the work, and a framework has more to compile than a loop.
    /// </summary>
    int Warmup => 6_000;

    Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken);

    Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken);
}

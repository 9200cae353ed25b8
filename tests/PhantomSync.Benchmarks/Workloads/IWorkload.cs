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

    Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken);

    Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken);
}

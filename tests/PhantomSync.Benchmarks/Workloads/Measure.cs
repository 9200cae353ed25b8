namespace PhantomSync.Benchmarks.Workloads;

/// <summary>What one run took.</summary>
/// <param name="Events">How many events it had.</param>
/// <param name="Elapsed">From its first to its last.</param>
/// <param name="Cost">Of this process and of PostgreSQL.</param>
/// <param name="Delays">Of each event, in milliseconds and ascending, where delay is what is measured.</param>
internal sealed record Measure(int Events, TimeSpan Elapsed, Cost Cost, double[]? Delays = null)
{
    public double PerSecond => Events / Elapsed.TotalSeconds;

    public double CpuMicrosecondsPerEvent => Cost.Process.TotalMicroseconds / Events;

    public double PostgresMicrosecondsPerEvent => Cost.Postgres.TotalMicroseconds / Events;

    public double CollectingMicrosecondsPerEvent => Cost.Collecting.TotalMicroseconds / Events;

    public double CompilingMicrosecondsPerEvent => Cost.Compiling.TotalMicroseconds / Events;

    public double BytesPerEvent => (double)Cost.Allocated / Events;

    public double P50 => Percentile(0.50);

    public double P99 => Percentile(0.99);

    /// <summary>What is compared: events per second, or the delay at the 99th percentile in milliseconds.</summary>
    public double Value => Delays is null ? PerSecond : P99;

    public static Cost CostNow() => Workloads.Cost.Now();

    private double Percentile(double part) => Delays is { Length: > 0 } delays ? delays[(int)Math.Ceiling(part * delays.Length) - 1] : 0;
}

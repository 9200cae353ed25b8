namespace PhantomSync.Benchmarks.Workloads;

/// <summary>What one run took.</summary>
/// <param name="Events">How many events it had.</param>
/// <param name="Elapsed">From its first to its last.</param>
/// <param name="Cpu">Of this process and of PostgreSQL.</param>
/// <param name="Delays">Of each event, in milliseconds and ascending, where delay is what is measured.</param>
internal sealed record Measure(int Events, TimeSpan Elapsed, CpuTime Cpu, double[]? Delays = null)
{
    public double PerSecond => Events / Elapsed.TotalSeconds;

    public double CpuMicrosecondsPerEvent => Cpu.Process.TotalMicroseconds / Events;

    public double PostgresMicrosecondsPerEvent => Cpu.Postgres.TotalMicroseconds / Events;

    public double P50 => Percentile(0.50);

    public double P99 => Percentile(0.99);

    /// <summary>What is compared: events per second, or the delay at the 99th percentile in milliseconds.</summary>
    public double Value => Delays is null ? PerSecond : P99;

    public static CpuTime CpuNow() => CpuTime.Now();

    private double Percentile(double part) => Delays is { Length: > 0 } delays ? delays[(int)Math.Ceiling(part * delays.Length) - 1] : 0;
}

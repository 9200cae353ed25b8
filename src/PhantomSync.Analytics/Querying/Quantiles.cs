namespace PhantomSync.Analytics;

/// <summary>Values that half, 95 % and 99 % of all are not above. ClickHouse gives them from a sketch, to about 1 %.</summary>
public readonly record struct Quantiles(double P50, double P95, double P99)
{
    internal static Quantiles Of(IEnumerable<double> values) => values.ToArray() is [var p50, var p95, var p99] ? new Quantiles(p50, p95, p99) : default;
}

namespace PhantomSync.Analytics;

/// <summary>One metric of a service in one stretch of time. What is not a finite number is counted and otherwise left out.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Start">When the stretch begins, UTC.</param>
/// <param name="Samples">How many values were measured.</param>
/// <param name="NotFinite">How many of them are NaN or infinite.</param>
/// <param name="Mean">The mean of the finite ones; null where there is none.</param>
/// <param name="Min">The smallest of them.</param>
/// <param name="Max">The largest of them.</param>
/// <param name="Values">How they are spread.</param>
public sealed record PerformancePoint(
    string Metric,
    DateTime Start,
    ulong Samples,
    ulong NotFinite,
    double? Mean,
    double? Min,
    double? Max,
    Quantiles? Values);

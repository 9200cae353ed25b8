namespace PhantomSync.Registry.Usage;

/// <summary>How a quantity is distributed; the percentiles are within three per cent of their value.</summary>
public sealed record Distribution(double Mean, double Min, double Max, double P50, double P95, double P99);

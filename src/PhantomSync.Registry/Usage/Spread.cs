namespace PhantomSync.Registry.Usage;

/// <summary>Sum, extremes and sketch of a weighted quantity.</summary>
internal sealed class Spread
{
    public decimal Sum { get; private set; }

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; } = double.NegativeInfinity;

    public QuantileSketch Sketch { get; private init; } = new();

    /// <param name="total">The sum of the values, exact where their mean is not.</param>
    public void Add(double mean, decimal total, ulong weight)
    {
        Sum += total;
        Min = Math.Min(Min, mean);
        Max = Math.Max(Max, mean);
        Sketch.Add(mean, weight);
    }

    public void Add(Spread other)
    {
        Sum += other.Sum;
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        Sketch.Add(other.Sketch);
    }

    public static Spread Stored(decimal sum, double? min, double? max, byte[] sketch) => new()
    {
        Sum = sum,
        Min = min ?? double.PositiveInfinity,
        Max = max ?? double.NegativeInfinity,
        Sketch = QuantileSketch.From(sketch),
    };

    /// <summary>What people ask; null where nothing was counted.</summary>
    public Distribution? Of(decimal count) => count == 0
        ? null
        : new Distribution((double)(Sum / count), Min, Max, Within(0.5), Within(0.95), Within(0.99));

    private double Within(double quantile) => Math.Clamp(Sketch.Quantile(quantile), Min, Max);
}

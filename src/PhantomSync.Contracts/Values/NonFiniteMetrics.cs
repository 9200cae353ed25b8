namespace PhantomSync.Contracts.Values;

/// <summary>The metrics that JSON numbers cannot say: NaN and the infinities, by name.</summary>
internal sealed class NonFiniteMetrics(IReadOnlyDictionary<string, double> values)
{
    public IReadOnlyDictionary<string, double> Values => values;

    /// <summary>Those of a map, or null if it has none.</summary>
    public static NonFiniteMetrics? In(IReadOnlyDictionary<string, double> metrics)
    {
        Dictionary<string, double>? found = null;
        foreach (var (name, value) in MetricMap.From(metrics))
        {
            if (!double.IsFinite(value))
                (found ??= [])[name] = value;
        }
        return found is null ? null : new NonFiniteMetrics(found);
    }
}

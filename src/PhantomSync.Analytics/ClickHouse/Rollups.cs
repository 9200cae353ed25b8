using PhantomSync.Analytics.Querying;

namespace PhantomSync.Analytics.ClickHouse;

/// <summary>The roll-ups, each after what it is made of.</summary>
internal static class Rollups
{
    private const string Levels = "0.5, 0.95, 0.99";

    private static readonly Measure[] OfInferences =
    [
        new("predictions", "UInt64", "count()", "sum(predictions)"),
        new("latency_total", "Float64", "sum(toFloat64(inference_time_ms))", "sum(latency_total)"),
        new("latency", $"AggregateFunction(quantilesTDigest({Levels}), UInt64)", $"quantilesTDigestState({Levels})(inference_time_ms)", $"quantilesTDigestMergeState({Levels})(latency)"),
        new("confidence_total", "Float64", "sum(confidence_score)", "sum(confidence_total)"),
        new("confidence", $"AggregateFunction(quantilesTDigest({Levels}), Float64)", $"quantilesTDigestState({Levels})(confidence_score)", $"quantilesTDigestMergeState({Levels})(confidence)"),
    ];

    private static readonly Measure[] OfPerformance =
    [
        new("samples", "UInt64", "count()", "sum(samples)"),
        new("finite", "UInt64", "countIf(isFinite(metric_value))", "sum(finite)"),
        new("value_total", "Float64", "sumIf(metric_value, isFinite(metric_value))", "sum(value_total)"),
        new("value_min", "Float64", "minIf(metric_value, isFinite(metric_value))", "minIf(value_min, finite > 0)"),
        new("value_max", "Float64", "maxIf(metric_value, isFinite(metric_value))", "maxIf(value_max, finite > 0)"),
        new("spread", $"AggregateFunction(quantilesTDigestIf({Levels}), Float64, UInt8)", $"quantilesTDigestIfState({Levels})(metric_value, isFinite(metric_value))", $"quantilesTDigestIfMergeState({Levels})(spread)"),
    ];

    public static readonly Rollup[] All =
    [
        .. Chain("inference", "inference_metrics", ["tenant_id", "model_id", "model_version"], OfInferences),
        .. Chain("performance", "performance_metrics", ["tenant_id", "service_name", "metric_name"], OfPerformance),
    ];

    private static IEnumerable<Rollup> Chain(string name, string rows, string[] keys, Measure[] measures)
    {
        var source = rows;
        foreach (var resolution in Enum.GetValues<Resolution>())
        {
            var table = $"{name}_{resolution.Name()}";
            yield return new Rollup(table, source, resolution, keys, measures);
            source = table;
        }
    }
}

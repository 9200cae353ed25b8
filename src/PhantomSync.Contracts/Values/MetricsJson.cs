using System.Globalization;
using System.Text.Json.Nodes;

namespace PhantomSync.Contracts;

/// <summary>Metrics as services store them.</summary>
public static class MetricsJson
{
    /// <summary>
    /// A JSON object that any store takes, its members in ordinal order of their names, so that equal metrics are equal texts; what is not finite
    /// stands as a string such as <c>"NaN"</c>.
    /// </summary>
    public static string Of(IReadOnlyDictionary<string, double> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var json = new JsonObject();
        foreach (var (name, value) in metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
            json[name] = double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));
        return json.ToJsonString();
    }
}

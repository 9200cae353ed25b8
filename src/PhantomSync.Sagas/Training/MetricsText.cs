using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PhantomSync.Sagas.Training;

/// <summary>Metrics as a JSON object in a fixed order; what is not finite stands as a string.</summary>
internal static class MetricsText
{
    public static string Of(IReadOnlyDictionary<string, double> metrics)
    {
        var json = new JsonObject();
        foreach (var (name, value) in metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
            json[name] = double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));
        return json.ToJsonString(JsonSerializerOptions.Default);
    }
}

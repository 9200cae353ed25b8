using System.Text.Json.Serialization;

namespace PhantomSync.Host.Analytics;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReconcileReport))]
[JsonSerializable(typeof(RebuildReport))]
[JsonSerializable(typeof(EraseReport))]
internal sealed partial class AnalyticsJson : JsonSerializerContext;

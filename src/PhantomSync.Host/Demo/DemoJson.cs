using System.Text.Json.Serialization;

namespace PhantomSync.Host.Demo;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(DemoStats))]
internal sealed partial class DemoJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace PhantomSync.Host.Publishing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PublishReport))]
internal sealed partial class PublishJson : JsonSerializerContext;

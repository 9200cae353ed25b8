using System.Text.Json.Serialization;

namespace PhantomSync.Host.Sagas;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SagaLine[]))]
[JsonSerializable(typeof(SagaReport))]
internal sealed partial class SagaLineJson : JsonSerializerContext;

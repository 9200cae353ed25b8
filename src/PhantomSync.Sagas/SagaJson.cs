using System.Text.Json.Serialization;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResourceAllocation))]
[JsonSerializable(typeof(Dictionary<string, Tenants.ServiceAnswer>))]
internal sealed partial class SagaJson : JsonSerializerContext;

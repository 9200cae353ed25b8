using System.Text.Json.Serialization;
using PhantomSync.Contracts;

namespace PhantomSync.Benchmarks.Servers;

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(InferenceCompleted))]
internal sealed partial class EventJson : JsonSerializerContext;

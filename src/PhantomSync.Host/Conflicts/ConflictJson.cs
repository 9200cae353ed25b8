using System.Text.Json.Serialization;

namespace PhantomSync.Host.Conflicts;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConflictLine[]))]
[JsonSerializable(typeof(ConflictLine))]
internal sealed partial class ConflictJson : JsonSerializerContext;

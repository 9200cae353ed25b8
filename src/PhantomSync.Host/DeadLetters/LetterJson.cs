using System.Text.Json.Serialization;

namespace PhantomSync.Host.DeadLetters;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LetterLine[]))]
internal sealed partial class LetterJson : JsonSerializerContext;

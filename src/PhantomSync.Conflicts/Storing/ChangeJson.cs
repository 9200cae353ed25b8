using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts.Storing;

/// <summary>How changes and values are kept.</summary>
internal static class ChangeJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 128,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static IReadOnlyList<ConflictingChange> ReadChanges(string json) => JsonSerializer.Deserialize<ConflictingChange[]>(json, Options)!;

    public static string[] ReadTexts(string json) => JsonSerializer.Deserialize<string[]>(json, Options)!;

    public static IReadOnlyDictionary<string, JsonElement> ReadValues(string json) =>
        new SortedDictionary<string, JsonElement>(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json, Options)!, StringComparer.Ordinal);
}

using System.Text;
using System.Text.Json;

namespace PhantomSync.Contracts.Wire;

/// <summary>Says in words what stands in a record, cut short.</summary>
internal static class FoundValue
{
    public static string Describe(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.PropertyName => Text(Encoding.UTF8.GetString(reader.ValueSpan)),
        JsonTokenType.Number => "the number " + Printable.Cut(Encoding.UTF8.GetString(reader.ValueSpan)),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        _ => "nothing",
    };

    /// <summary>A string, in quotes.</summary>
    public static string Text(string value) => $"the string \"{Printable.Cut(value)}\"";
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire.Converters;

/// <summary>Strings; half surrogate pairs and NUL never leave (they never arrive: the scan refuses them).</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? reader.GetString()!
            : throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, "a string");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        StringRules.Check(value);
        writer.WriteStringValue(value);
    }

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        StringRules.Check(value);
        writer.WritePropertyName(value);
    }
}

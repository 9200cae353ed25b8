using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire.Converters;

internal sealed class Int32Converter : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value)
            ? value
            : throw UnexpectedValueException.Number(ref reader, "a signed 32-bit integer");

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

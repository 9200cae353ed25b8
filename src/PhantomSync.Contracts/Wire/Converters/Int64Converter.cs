using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire.Converters;

internal sealed class Int64Converter : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)
            ? value
            : throw UnexpectedValueException.Number(ref reader, "a signed 64-bit integer");

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

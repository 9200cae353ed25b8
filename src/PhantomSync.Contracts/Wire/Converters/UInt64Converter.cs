using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire.Converters;

internal sealed class UInt64Converter : JsonConverter<ulong>
{
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var value)
            ? value
            : throw UnexpectedValueException.Number(ref reader, "an unsigned 64-bit integer");

    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

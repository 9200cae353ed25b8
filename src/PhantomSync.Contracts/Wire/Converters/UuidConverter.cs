using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire.Converters;

/// <summary>UUIDs, written with hyphens in lower case; read as the uuid crate reads them: also plain, braced, or as a URN.</summary>
internal sealed class UuidConverter : JsonConverter<Guid>
{
    private const string Urn = "urn:uuid:";

    public override Guid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String ? throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, "a UUID")
        : reader.TryGetGuid(out var value) || TryOtherForms(reader.GetString()!, out value) ? value
        : throw UnexpectedValueException.At(ref reader, WireFormatError.InvalidUuid, "a UUID");

    public override void Write(Utf8JsonWriter writer, Guid value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    private static bool TryOtherForms(string text, out Guid value) =>
        Guid.TryParseExact(text, "N", out value)
        || Guid.TryParseExact(text, "B", out value)
        || (text.StartsWith(Urn, StringComparison.Ordinal) && Guid.TryParseExact(text.AsSpan(Urn.Length), "D", out value));
}

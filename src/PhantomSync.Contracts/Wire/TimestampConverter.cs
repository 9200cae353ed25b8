using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire;

/// <summary>Reads and writes <see cref="Timestamp"/> as RFC 3339 text.</summary>
public sealed class TimestampConverter : JsonConverter<Timestamp>
{
    private const string Expected = "an RFC 3339 time of the years 0001 to 9999 with at most nine fractional digits";
    private const int LongestEscaped = 256;

    /// <inheritdoc/>
    public override Timestamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, Expected);
        return TryRead(ref reader, out var moment)
            ? moment
            : throw UnexpectedValueException.At(ref reader, WireFormatError.InvalidTimestamp, Expected);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Timestamp value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[TimestampText.MaxLength + 2];
        var length = TimestampText.Format(value, text[1..]);
        text[0] = text[length + 1] = (byte)'"';
        writer.WriteRawValue(text[..(length + 2)], skipInputValidation: true);
    }

    private static bool TryRead(ref Utf8JsonReader reader, out Timestamp moment)
    {
        moment = default;
        if (!reader.HasValueSequence && !reader.ValueIsEscaped)
            return TimestampText.TryParse(reader.ValueSpan, out moment);
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > LongestEscaped)
            return false;
        Span<byte> text = stackalloc byte[LongestEscaped];
        return TimestampText.TryParse(text[..reader.CopyString(text)], out moment);
    }
}

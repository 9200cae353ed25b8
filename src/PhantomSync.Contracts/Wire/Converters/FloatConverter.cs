using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire.Converters;

/// <summary>Finite doubles, written as serde_json writes them.</summary>
internal sealed class FloatConverter : JsonConverter<double>
{
    /// <summary>What the field holds, in words.</summary>
    public const string Expected = "a finite number";

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw UnexpectedValueException.Number(ref reader, Expected);

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => WriteTo(writer, value);

    /// <summary>Writes a finite value; refuses any other.</summary>
    public static void WriteTo(Utf8JsonWriter writer, double value)
    {
        if (!double.IsFinite(value))
            throw new UnexpectedValueException(WireFormatError.NonFinite, Expected, NonFiniteText.Of(value));
        Span<byte> text = stackalloc byte[FloatText.MaxLength];
        writer.WriteRawValue(text[..FloatText.Format(value, text)], skipInputValidation: true);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Wire.Converters;

namespace PhantomSync.Contracts.Wire;

/// <summary>Finite doubles that are not negative. Public so that serializer contexts of other assemblies can use it.</summary>
public sealed class NonNegativeFloatConverter : JsonConverter<double>
{
    private const string Expected = "a finite number that is not negative";

    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value) && value >= 0
            ? value
            : throw UnexpectedValueException.Number(ref reader, Expected);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (value < 0)
            throw new UnexpectedValueException(WireFormatError.NumberOutOfRange, Expected, $"the number {value}");
        FloatConverter.WriteTo(writer, value);
    }
}

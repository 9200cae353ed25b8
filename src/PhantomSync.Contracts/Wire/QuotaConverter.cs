using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire;

/// <summary>Reads and writes <see cref="Quota"/> as a number or <c>"unlimited"</c>.</summary>
public sealed class QuotaConverter : JsonConverter<Quota>
{
    private const string Expected = "an unsigned 64-bit integer or \"unlimited\"";

    /// <inheritdoc/>
    public override Quota Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String when reader.ValueTextEquals("unlimited"u8) => Quota.Unlimited,
        JsonTokenType.String => throw UnexpectedValueException.At(ref reader, WireFormatError.UnknownVariant, Expected),
        JsonTokenType.Number when reader.TryGetUInt64(out var limit) => Quota.Of(limit),
        _ => throw UnexpectedValueException.Number(ref reader, Expected),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Quota value, JsonSerializerOptions options)
    {
        if (value.IsUnlimited)
            writer.WriteStringValue("unlimited"u8);
        else
            writer.WriteNumberValue(value.Limit);
    }
}

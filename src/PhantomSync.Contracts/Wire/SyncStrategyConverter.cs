using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire;

/// <summary>Reads and writes <see cref="SyncStrategy"/> externally tagged, as serde does with an enum.</summary>
public sealed class SyncStrategyConverter : JsonConverter<SyncStrategy>
{
    private const string Expected = "one of \"Immediate\", {\"BatchDelayed\":…} and {\"EventualConsistency\":…}";

    /// <inheritdoc/>
    public override SyncStrategy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.ValueTextEquals("Immediate"u8)
                ? SyncStrategy.Default
                : throw UnexpectedValueException.At(ref reader, WireFormatError.UnknownVariant, Expected);
        }
        if (reader.TokenType != JsonTokenType.StartObject)
            throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, Expected);
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
            throw new UnexpectedValueException(WireFormatError.UnknownVariant, Expected, "an empty object");
        var strategy = ReadVariant(ref reader);
        reader.Read();
        return reader.TokenType == JsonTokenType.EndObject
            ? strategy
            : throw UnexpectedValueException.At(ref reader, WireFormatError.UnknownVariant, "a single variant");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SyncStrategy value, JsonSerializerOptions options)
    {
        if (value is SyncStrategy.Immediate)
        {
            writer.WriteStringValue("Immediate"u8);
            return;
        }
        writer.WriteStartObject();
        if (value is SyncStrategy.BatchDelayed batch)
        {
            writer.WriteStartObject("BatchDelayed"u8);
            writer.WriteNumber("batch_size"u8, batch.BatchSize);
            writer.WriteNumber("delay_ms"u8, batch.DelayMs);
        }
        else if (value is SyncStrategy.EventualConsistency eventual)
        {
            writer.WriteStartObject("EventualConsistency"u8);
            writer.WriteNumber("max_delay_ms"u8, eventual.MaxDelayMs);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static SyncStrategy ReadVariant(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("BatchDelayed"u8))
        {
            var (size, delay) = ReadNumbers(ref reader, "BatchDelayed", "batch_size", "delay_ms");
            return new SyncStrategy.BatchDelayed((uint)size, delay);
        }
        if (reader.ValueTextEquals("EventualConsistency"u8))
            return new SyncStrategy.EventualConsistency(ReadNumbers(ref reader, "EventualConsistency", null, "max_delay_ms").Delay);
        if (reader.ValueTextEquals("Immediate"u8))
        {
            reader.Read();
            return reader.TokenType == JsonTokenType.Null
                ? SyncStrategy.Default
                : throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, "null", "Immediate");
        }
        throw UnexpectedValueException.At(ref reader, WireFormatError.UnknownVariant, Expected);
    }

    private static (ulong Size, ulong Delay) ReadNumbers(ref Utf8JsonReader reader, string variant, string? sizeName, string delayName)
    {
        ulong? size = sizeName is null ? 0 : null, delay = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, "an object", variant);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (sizeName is not null && reader.ValueTextEquals(sizeName))
                size = ReadNumber(ref reader, uint.MaxValue, "an unsigned 32-bit integer", $"{variant}.{sizeName}");
            else if (reader.ValueTextEquals(delayName))
                delay = ReadNumber(ref reader, ulong.MaxValue, "an unsigned 64-bit integer", $"{variant}.{delayName}");
            else
                reader.Skip();
        }
        return (size ?? throw Missing(variant, sizeName!), delay ?? throw Missing(variant, delayName));
    }

    private static ulong ReadNumber(ref Utf8JsonReader reader, ulong max, string expected, string member)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number)
            throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, expected, member);
        return reader.TryGetUInt64(out var value) && value <= max
            ? value
            : throw UnexpectedValueException.At(ref reader, WireFormatError.NumberOutOfRange, expected, member);
    }

    private static UnexpectedValueException Missing(string variant, string field) =>
        new(WireFormatError.MissingField, "an unsigned integer", "nothing", $"{variant}.{field}");
}

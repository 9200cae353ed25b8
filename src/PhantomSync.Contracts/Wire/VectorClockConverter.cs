using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire;

/// <summary>Reads and writes a <see cref="VectorClock"/> as an object of numbers by source.</summary>
public sealed class VectorClockConverter : JsonConverter<VectorClock>
{
    /// <inheritdoc/>
    public override VectorClock Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, "an object of numbers by source");
        var counts = new List<KeyValuePair<string, ulong>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var source = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetUInt64(out var count))
                throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, "an unsigned 64-bit integer", source);
            if (!Identifier.IsSound(source))
                throw new UnexpectedValueException(WireFormatError.InvalidIdentifier, Identifier.Expected, FoundValue.Text(source));
            counts.Add(KeyValuePair.Create(source, count));
        }

        return counts.Count <= VectorClock.MaxSources
            ? new VectorClock(counts)
            : throw new UnexpectedValueException(WireFormatError.LimitExceeded, $"at most {VectorClock.MaxSources} sources", $"{counts.Count}");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, VectorClock value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (source, count) in value.Counts)
            writer.WriteNumber(source, count);
        writer.WriteEndObject();
    }
}

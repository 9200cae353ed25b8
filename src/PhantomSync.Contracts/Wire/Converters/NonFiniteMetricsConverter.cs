using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts.Wire.Converters;

/// <summary>The numbers that JSON cannot carry, as names: <c>{"loss":"NaN"}</c>.</summary>
internal sealed class NonFiniteMetricsConverter : JsonConverter<NonFiniteMetrics>
{
    public override NonFiniteMetrics Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, "an object");
        var values = new Dictionary<string, double>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, NonFiniteText.Expected, name);
            values[name] = NonFiniteText.Parse(reader.GetString())
                ?? throw UnexpectedValueException.At(ref reader, WireFormatError.UnknownVariant, NonFiniteText.Expected, name);
        }
        return new NonFiniteMetrics(values);
    }

    public override void Write(Utf8JsonWriter writer, NonFiniteMetrics value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, number) in value.Values)
        {
            StringRules.Check(name);
            writer.WriteString(name, NonFiniteText.Of(number));
        }
        writer.WriteEndObject();
    }
}

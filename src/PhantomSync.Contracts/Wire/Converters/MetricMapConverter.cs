using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts.Wire.Converters;

/// <summary>
/// Numbers by name; null is read as absent. What is not finite is left out where a sibling field
/// names it, and refused elsewhere.
/// </summary>
internal sealed class MetricMapConverter(bool leaveOutNonFinite) : JsonConverter<IReadOnlyDictionary<string, double>>
{
    /// <summary>For a property with a sibling <c>non_finite_metrics</c>.</summary>
    public MetricMapConverter()
        : this(leaveOutNonFinite: true)
    {
    }

    public override IReadOnlyDictionary<string, double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, "an object");
        var values = new Dictionary<string, double>();
        List<string>? absent = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
                (absent ??= []).Add(name);
            else if (reader.TokenType != JsonTokenType.Number)
                throw UnexpectedValueException.At(ref reader, WireFormatError.WrongType, "a number or null", name);
            else
                values[name] = reader.GetDouble();
        }
        return new MetricMap(values, absent ?? (IReadOnlyList<string>)[]);
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, double> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, number) in MetricMap.From(value))
        {
            if (leaveOutNonFinite && !double.IsFinite(number))
                continue;
            StringRules.Check(name);
            writer.WritePropertyName(name);
            FloatConverter.WriteTo(writer, number);
        }
        writer.WriteEndObject();
    }
}

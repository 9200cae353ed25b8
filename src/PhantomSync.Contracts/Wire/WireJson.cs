using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PhantomSync.Contracts.Wire.Converters;

namespace PhantomSync.Contracts.Wire;

/// <summary>The serializer options that make the wire form; every event uses them, whoever declared it.</summary>
internal static class WireJson
{
    /// <summary>How many levels of objects and arrays a record may have.</summary>
    public const int MaxDepth = 64;

    public static JsonWriterOptions Writer { get; } = new()
    {
        Encoder = SerdeEncoder.Instance,
        MaxDepth = MaxDepth + 2,
        SkipValidation = true,
    };

    public static JsonSerializerOptions Options() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = SerdeEncoder.Instance,
        MaxDepth = MaxDepth + 2,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters =
        {
            new TextConverter(),
            new UInt64Converter(),
            new UInt32Converter(),
            new Int64Converter(),
            new Int32Converter(),
            new FloatConverter(),
            new UuidConverter(),
            new JsonMapConverter(),
            new MetricMapConverter(leaveOutNonFinite: false),
            new NonFiniteMetricsConverter(),
        },
    };

    /// <summary>The same type with the options of the wire form instead of those of its own context.</summary>
    public static JsonTypeInfo Adopt(JsonTypeInfo type)
    {
        if (ReferenceEquals(type.Options, PlatformJson.Wire.Options))
            return type;
        var options = Options();
        options.TypeInfoResolver = JsonTypeInfoResolver.Combine(PlatformJson.Wire, type.OriginatingResolver ?? type.Options.TypeInfoResolver);
        options.MakeReadOnly();
        return options.GetTypeInfo(type.Type);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PhantomSync.Contracts.Wire;

/// <summary>
/// Finds out what the serializer objected to where it does not say so itself: a field that is
/// missing, null, or of the wrong kind. Runs only after a failure.
/// </summary>
internal static class Diagnosis
{
    /// <summary>Why a record was not read.</summary>
    public static WireFormatException OfReading(JsonException error, JsonElement data, JsonTypeInfo type)
    {
        if (error is UnexpectedValueException unexpected)
            return new WireFormatException(unexpected.Code, Path(error, unexpected.Member), unexpected.Expected, unexpected.Found, error);
        return FirstFault(data, type, "data")
            ?? new WireFormatException(WireFormatError.InvalidValue, Path(error), $"a value of {type.Type.Name}", Printable.Cut(error.Message, 200), error);
    }

    /// <summary>Why an event was not written.</summary>
    public static WireFormatException OfWriting(UnexpectedValueException error)
    {
        // When it writes, the serializer names the properties, not the fields.
        var field = string.Join('.', Path(error).Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
        return new WireFormatException(error.Code, error.Member.Length > 0 ? $"{field}.{error.Member}" : field, error.Expected, error.Found, error);
    }

    /// <summary>What a field of that type holds, in words.</summary>
    public static string Expected(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => "a string",
        var t when t == typeof(ulong) => "an unsigned 64-bit integer",
        var t when t == typeof(uint) => "an unsigned 32-bit integer",
        var t when t == typeof(double) => "a finite number",
        var t when t == typeof(Guid) => "a UUID",
        var t when t == typeof(Timestamp) => "an RFC 3339 time",
        var t when t == typeof(SyncStrategy) => "a sync strategy",
        var t when t == typeof(JsonElement) => "any JSON value",
        _ => "an object",
    };

    private static WireFormatException? FirstFault(JsonElement value, JsonTypeInfo type, string path)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            return new WireFormatException(WireFormatError.WrongType, path, "an object", Found(value));
        foreach (var field in type.Properties)
        {
            if (FaultOf(field, value, type, $"{path}.{field.Name}") is { } fault)
                return fault;
        }
        return null;
    }

    private static WireFormatException? FaultOf(JsonPropertyInfo field, JsonElement parent, JsonTypeInfo type, string path)
    {
        if (!parent.TryGetProperty(field.Name, out var value))
            return field.IsRequired ? new WireFormatException(WireFormatError.MissingField, path, Expected(field.PropertyType), "nothing") : null;
        if (value.ValueKind != JsonValueKind.Null)
            return FirstFault(value, type.Options.GetTypeInfo(field.PropertyType), path);
        return field.IsSetNullable || field.PropertyType == typeof(JsonElement)
            ? null
            : new WireFormatException(WireFormatError.WrongType, path, Expected(field.PropertyType), "null");
    }

    private static string Found(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => FoundValue.Text(value.GetString()!),
        JsonValueKind.Number => "the number " + Printable.Cut(value.GetRawText()),
        JsonValueKind.Array => "an array",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static string Path(JsonException error, string member = "") =>
        Printable.Cut($"data{error.Path?[1..]}{(member.Length > 0 ? "." : "")}{member}", 400);
}

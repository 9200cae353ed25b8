using System.Text.Json;

namespace PhantomSync.Contracts.Values;

/// <summary>A free-form JSON value that is compared by what it says; numbers by their value, members in any order.</summary>
internal readonly struct FreeJson : IEquatable<FreeJson>
{
    private static readonly JsonElement Null = JsonElement.Parse("null"u8);

    private readonly JsonElement _value;

    private FreeJson(JsonElement value) => _value = value.ValueKind == JsonValueKind.Undefined ? Null : value;

    public static bool Same(JsonElement left, JsonElement right) => JsonElement.DeepEquals(left, right);

    /// <summary>Coarse on purpose: equal values differ in text (<c>1</c> and <c>1.0</c>), so only the shape counts.</summary>
    public static int Hash(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.GetHashCode(StringComparison.Ordinal),
        JsonValueKind.Array => HashCode.Combine(value.ValueKind, value.GetArrayLength()),
        JsonValueKind.Object => HashCode.Combine(value.ValueKind, value.GetPropertyCount()),
        var kind => (int)kind,
    };

    public bool Equals(FreeJson other) => Same(Of(this), Of(other));

    public override bool Equals(object? obj) => obj is FreeJson other && Equals(other);

    public override int GetHashCode() => Hash(Of(this));

    public override string ToString() => Of(this).GetRawText();

    private static JsonElement Of(FreeJson json) => json._value.ValueKind == JsonValueKind.Undefined ? Null : json._value;

    public static implicit operator FreeJson(JsonElement value) => new(value);

    public static implicit operator JsonElement(FreeJson json) => Of(json);
}

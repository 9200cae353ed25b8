using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PhantomSync.Contracts.Values;

/// <summary>Free-form JSON values by name; compared by what it says, whatever the order.</summary>
internal sealed class JsonMap : IReadOnlyDictionary<string, JsonElement>, IEquatable<JsonMap>
{
    private readonly Dictionary<string, JsonElement> _values;

    internal JsonMap(Dictionary<string, JsonElement> values) => _values = values;

    public int Count => _values.Count;

    public IEnumerable<string> Keys => _values.Keys;

    public IEnumerable<JsonElement> Values => _values.Values;

    public JsonElement this[string key] => _values[key];

    public static JsonMap From(IReadOnlyDictionary<string, JsonElement> values) => values as JsonMap ?? Copy(values);

    public bool ContainsKey(string key) => _values.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonElement value) => _values.TryGetValue(key, out value);

    public Dictionary<string, JsonElement>.Enumerator GetEnumerator() => _values.GetEnumerator();

    IEnumerator<KeyValuePair<string, JsonElement>> IEnumerable<KeyValuePair<string, JsonElement>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(JsonMap? other)
    {
        if (other is null || other.Count != Count)
            return false;
        foreach (var (name, value) in _values)
        {
            if (!other._values.TryGetValue(name, out var theirs) || !FreeJson.Same(value, theirs))
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as JsonMap);

    public override int GetHashCode()
    {
        var hash = Count;
        foreach (var (name, value) in _values)
            hash += HashCode.Combine(name, FreeJson.Hash(value));
        return hash;
    }

    public override string ToString() => "{ " + string.Join(", ", _values.Select(v => $"{v.Key} = {v.Value}")) + " }";

    private static JsonMap Copy(IReadOnlyDictionary<string, JsonElement> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var copy = new Dictionary<string, JsonElement>(values.Count);
        foreach (var (name, value) in values)
            copy.Add(name, (FreeJson)value);
        return new JsonMap(copy);
    }
}

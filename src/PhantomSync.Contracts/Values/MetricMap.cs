using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace PhantomSync.Contracts.Values;

/// <summary>
/// Numbers by name; compared by value, NaN being equal to itself, whatever the order.
/// Remembers which names arrived without a value, which does not count when comparing.
/// </summary>
internal sealed class MetricMap : IReadOnlyDictionary<string, double>, IEquatable<MetricMap>
{
    private readonly Dictionary<string, double> _values;

    internal MetricMap(Dictionary<string, double> values, IReadOnlyList<string> absent) => (_values, Absent) = (values, absent);

    public IReadOnlyList<string> Absent { get; }

    public int Count => _values.Count;

    public IEnumerable<string> Keys => _values.Keys;

    public IEnumerable<double> Values => _values.Values;

    public double this[string key] => _values[key];

    public static MetricMap From(IReadOnlyDictionary<string, double> values) =>
        values as MetricMap ?? new MetricMap(new Dictionary<string, double>(values), []);

    /// <summary>The same numbers and those that JSON could not carry; a number that is there already stays.</summary>
    public MetricMap With(NonFiniteMetrics? more)
    {
        if (more is null)
            return this;
        var values = new Dictionary<string, double>(_values);
        foreach (var (name, value) in more.Values)
            values.TryAdd(name, value);
        return new MetricMap(values, [.. Absent.Where(name => !more.Values.ContainsKey(name))]);
    }

    public bool ContainsKey(string key) => _values.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value) => _values.TryGetValue(key, out value);

    public Dictionary<string, double>.Enumerator GetEnumerator() => _values.GetEnumerator();

    IEnumerator<KeyValuePair<string, double>> IEnumerable<KeyValuePair<string, double>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(MetricMap? other)
    {
        if (other is null || other.Count != Count)
            return false;
        foreach (var (name, value) in _values)
        {
            if (!other._values.TryGetValue(name, out var theirs) || !value.Equals(theirs))
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as MetricMap);

    public override int GetHashCode()
    {
        var hash = Count;
        foreach (var (name, value) in _values)
            hash += HashCode.Combine(name, value);
        return hash;
    }

    public override string ToString() => "{ " + string.Join(", ", _values.Select(v => $"{v.Key} = {v.Value}")) + " }";
}

using System.Text.Json.Serialization;
using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts;

/// <summary>
/// How many changes of each source a change has seen, its own among them. Never changes; equal clocks compare equal. A source
/// that is not named counts 0.
/// </summary>
[JsonConverter(typeof(VectorClockConverter))]
public sealed class VectorClock : IEquatable<VectorClock>
{
    /// <summary>How many sources a clock may name.</summary>
    public const int MaxSources = 100;

    private readonly SortedDictionary<string, ulong> _counts;

    /// <summary>A clock with these counts; those of 0 are left out.</summary>
    /// <exception cref="ArgumentException">A name is no id, or there are more than <see cref="MaxSources"/>.</exception>
    public VectorClock(params IEnumerable<KeyValuePair<string, ulong>> counts)
    {
        _counts = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var (source, count) in counts)
        {
            if (!Identifier.IsSound(source))
                throw new ArgumentException($"A source of the vector clock is '{source}'; it needs {Identifier.Expected}.", nameof(counts));
            if (count > 0)
                _counts[source] = count;
        }

        if (_counts.Count > MaxSources)
            throw new ArgumentException($"The vector clock names {_counts.Count} sources; at most {MaxSources} are allowed.", nameof(counts));
    }

    /// <summary>The sources that count more than 0, in ordinal order.</summary>
    public IEnumerable<KeyValuePair<string, ulong>> Counts => _counts;

    /// <summary>How many changes of that source are seen.</summary>
    public ulong this[string source] => _counts.GetValueOrDefault(source);

    /// <summary>Whether everything that this clock has seen the other has seen too, and more.</summary>
    public bool IsBefore(VectorClock other) => IsWithin(other) && !other.IsWithin(this);

    /// <summary>The least clock that has seen what either has.</summary>
    public VectorClock Merge(VectorClock other) =>
        new(_counts.Keys.Union(other._counts.Keys, StringComparer.Ordinal).Select(source => KeyValuePair.Create(source, Math.Max(this[source], other[source]))));

    /// <inheritdoc/>
    public bool Equals(VectorClock? other) => other is not null && _counts.SequenceEqual(other._counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VectorClock);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (source, count) in _counts)
        {
            hash.Add(source, StringComparer.Ordinal);
            hash.Add(count);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => "{" + string.Join(", ", _counts.Select(count => $"{count.Key}: {count.Value}")) + "}";

    private bool IsWithin(VectorClock other)
    {
        foreach (var (source, count) in _counts)
        {
            if (count > other[source])
                return false;
        }

        return true;
    }
}

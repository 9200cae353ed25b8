using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts;

/// <summary>
/// A moment in UTC, to the nanosecond, from 0001-01-01 to 9999-12-31. It keeps every digit a
/// producer wrote; stores that keep less are given <see cref="ToMicroseconds"/>.
/// </summary>
[JsonConverter(typeof(TimestampConverter))]
[StructLayout(LayoutKind.Auto)]
public readonly record struct Timestamp : IComparable<Timestamp>
{
    private readonly long _ticks;
    private readonly byte _nanoseconds;

    private Timestamp(long ticks, byte nanoseconds)
    {
        _ticks = ticks;
        _nanoseconds = nanoseconds;
    }

    /// <summary>The earliest moment, 0001-01-01T00:00:00Z; also the default.</summary>
    public static Timestamp MinValue => default;

    /// <summary>The latest moment, the last nanosecond of the year 9999.</summary>
    public static Timestamp MaxValue => new(DateTime.MaxValue.Ticks, 99);

    /// <summary>Whole ticks of 100 ns since 0001-01-01T00:00:00Z.</summary>
    public long Ticks => _ticks;

    /// <summary>The part of the second below the second, in nanoseconds, 0 to 999 999 999.</summary>
    public int SubsecondNanoseconds => (int)(_ticks % TimeSpan.TicksPerSecond * 100) + _nanoseconds;

    /// <summary>Whole microseconds since 1970-01-01T00:00:00Z, rounded down.</summary>
    public long UnixMicroseconds => (_ticks / TimeSpan.TicksPerMicrosecond) - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>The moment that many microseconds after 1970-01-01T00:00:00Z.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in the years 0001 to 9999.</exception>
    public static Timestamp FromUnixMicroseconds(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(microseconds, MinValue.UnixMicroseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(microseconds, MaxValue.UnixMicroseconds);
        return new(DateTime.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), 0);
    }

    /// <summary>The same moment; the offset is applied.</summary>
    public static Timestamp From(DateTimeOffset moment) => new(moment.UtcTicks, 0);

    /// <summary>The moment <paramref name="nanoseconds"/> (0 to 99) after a whole tick.</summary>
    internal static Timestamp FromTicks(long ticks, int nanoseconds) => new(ticks, (byte)nanoseconds);

    /// <summary>Reads an RFC 3339 time with up to nine fractional digits and any offset.</summary>
    /// <exception cref="FormatException">The text is not such a time.</exception>
    public static Timestamp Parse(string text) => TryParse(text, out var moment)
        ? moment
        : throw new FormatException($"'{text}' is not an RFC 3339 time of the years 0001 to 9999 with at most nine fractional digits.");

    /// <summary>Reads an RFC 3339 time with up to nine fractional digits and any offset.</summary>
    public static bool TryParse(string? text, out Timestamp moment)
    {
        Span<byte> utf8 = stackalloc byte[64];
        moment = default;
        return text is { Length: < 64 }
            && Encoding.UTF8.TryGetBytes(text, utf8, out var length)
            && TimestampText.TryParse(utf8[..length], out moment);
    }

    /// <summary>The same moment without what is below a microsecond: what every store can keep.</summary>
    public Timestamp ToMicroseconds() => new(_ticks - (_ticks % TimeSpan.TicksPerMicrosecond), 0);

    /// <summary>The same moment in UTC without what is below 100 ns.</summary>
    public DateTimeOffset ToDateTimeOffset() => new(_ticks, TimeSpan.Zero);

    /// <inheritdoc/>
    public int CompareTo(Timestamp other) =>
        _ticks != other._ticks ? _ticks.CompareTo(other._ticks) : _nanoseconds.CompareTo(other._nanoseconds);

    /// <summary>RFC 3339 in UTC with <c>Z</c> and 0, 3, 6 or 9 fractional digits, as few as keep the value.</summary>
    public override string ToString()
    {
        Span<byte> utf8 = stackalloc byte[TimestampText.MaxLength];
        return Encoding.ASCII.GetString(utf8[..TimestampText.Format(this, utf8)]);
    }

    /// <summary>The same moment; the offset is applied.</summary>
    public static implicit operator Timestamp(DateTimeOffset moment) => From(moment);

    /// <summary>Whether one moment is before another.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.CompareTo(right) < 0;

    /// <summary>Whether one moment is after another.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.CompareTo(right) > 0;

    /// <summary>Whether one moment is not after another.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one moment is not before another.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.CompareTo(right) >= 0;
}

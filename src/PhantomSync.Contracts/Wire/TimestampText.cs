namespace PhantomSync.Contracts.Wire;

/// <summary>RFC 3339 as chrono reads and writes it.</summary>
internal static class TimestampText
{
    /// <summary>The length of <c>9999-12-31T23:59:59.999999999Z</c>.</summary>
    public const int MaxLength = 30;

    public static int Format(Timestamp moment, Span<byte> to)
    {
        var date = new DateTime(moment.Ticks, DateTimeKind.Utc);
        Digits(to, 0, 4, date.Year);
        to[4] = (byte)'-';
        Digits(to, 5, 2, date.Month);
        to[7] = (byte)'-';
        Digits(to, 8, 2, date.Day);
        to[10] = (byte)'T';
        Digits(to, 11, 2, date.Hour);
        to[13] = (byte)':';
        Digits(to, 14, 2, date.Minute);
        to[16] = (byte)':';
        Digits(to, 17, 2, date.Second);
        var length = 19 + Fraction(moment.SubsecondNanoseconds, to);
        to[length] = (byte)'Z';
        return length + 1;
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out Timestamp moment)
    {
        moment = default;
        if (text.Length < 20
            || !Number(text, 0, 4, 1, 9999, out var year) || text[4] != '-'
            || !Number(text, 5, 2, 1, 12, out var month) || text[7] != '-'
            || !Number(text, 8, 2, 1, 31, out var day) || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')
            || !Number(text, 11, 2, 0, 23, out var hour) || text[13] != ':'
            || !Number(text, 14, 2, 0, 59, out var minute) || text[16] != ':'
            || !Number(text, 17, 2, 0, 60, out var second)
            || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }
        var rest = text[19..];
        if (!TakeFraction(ref rest, out var nanoseconds) || !TryOffset(rest, out var offsetTicks))
            return false;
        // A leap second (:60) is the first second of the next minute: the calendar here has none.
        var ticks = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks
            + (second * TimeSpan.TicksPerSecond) + (nanoseconds / 100) - offsetTicks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        moment = Timestamp.FromTicks(ticks, nanoseconds % 100);
        return true;
    }

    private static int Fraction(int nanoseconds, Span<byte> to)
    {
        if (nanoseconds == 0)
            return 0;
        var (digits, value) = nanoseconds % 1_000_000 == 0 ? (3, nanoseconds / 1_000_000)
            : nanoseconds % 1_000 == 0 ? (6, nanoseconds / 1_000)
            : (9, nanoseconds);
        to[19] = (byte)'.';
        Digits(to, 20, digits, value);
        return digits + 1;
    }

    private static void Digits(Span<byte> to, int start, int count, int value)
    {
        for (var i = start + count - 1; i >= start; i--)
        {
            to[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private static bool Number(ReadOnlySpan<byte> text, int start, int count, int min, int max, out int value)
    {
        value = 0;
        foreach (var c in text.Slice(start, count))
        {
            if (!char.IsAsciiDigit((char)c))
                return false;
            value = (value * 10) + (c - '0');
        }
        return value >= min && value <= max;
    }

    private static bool TakeFraction(ref ReadOnlySpan<byte> rest, out int nanoseconds)
    {
        nanoseconds = 0;
        if (rest[0] != '.')
            return true;
        rest = rest[1..];
        var end = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (end is < 1 or > 9)
            return false;
        for (var i = 0; i < 9; i++)
            nanoseconds = (nanoseconds * 10) + (i < end ? rest[i] - '0' : 0);
        rest = rest[end..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest is [(byte)'Z' or (byte)'z'])
            return true;
        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':'
            || !Number(rest, 1, 2, 0, 23, out var hours) || !Number(rest, 4, 2, 0, 59, out var minutes))
        {
            return false;
        }
        ticks = (((hours * 60L) + minutes) * TimeSpan.TicksPerMinute) * (rest[0] == '-' ? -1 : 1);
        return true;
    }
}

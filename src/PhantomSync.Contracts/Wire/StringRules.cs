using System.Buffers;
using System.Globalization;

namespace PhantomSync.Contracts.Wire;

/// <summary>Which strings may travel.</summary>
internal static class StringRules
{
    /// <summary>What a string may hold, in words.</summary>
    public const string Expected = "text without NUL and without half surrogate pairs";

    private static readonly SearchValues<char> Suspicious = SearchValues.Create(
        [.. Enumerable.Range(0xD800, 0x800).Select(c => (char)c).Prepend('\0')]);

    /// <summary>Refuses NUL, which PostgreSQL cannot store, and half surrogate pairs, which UTF-8 cannot say.</summary>
    public static void Check(string text, string member = "")
    {
        if (text.AsSpan().IndexOfAny(Suspicious) is >= 0 and var first && FirstBad(text, first) is >= 0 and var bad)
            throw new UnexpectedValueException(WireFormatError.InvalidString, Expected, $"U+{(int)text[bad]:X4} at character {bad}", member);
    }

    /// <summary>Whether the escapes of a JSON string, given between its quotes, spell NUL or half a surrogate pair.</summary>
    public static bool EscapesAreSound(ReadOnlySpan<byte> escaped)
    {
        var pending = false;
        while (!escaped.IsEmpty)
        {
            var isUnicode = escaped.Length >= 6 && escaped[0] == '\\' && escaped[1] == 'u';
            var unit = '\uFFFF';
            if (isUnicode)
                unit = (char)ushort.Parse(escaped.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (unit == '\0' || pending != char.IsLowSurrogate(unit))
                return false;
            pending = char.IsHighSurrogate(unit);
            escaped = escaped[(isUnicode ? 6 : escaped[0] == '\\' ? 2 : 1)..];
        }
        return !pending;
    }

    private static int FirstBad(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '\0')
                return i;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return i;
            i++;
        }
        return -1;
    }
}

using System.Buffers.Text;
using System.Globalization;

namespace PhantomSync.Contracts.Wire;

/// <summary>
/// A double as serde_json writes it: the shortest digits that read back the same, always with a
/// point or an exponent; plain from 1e-5 up to below 1e16, with <c>e</c> and no plus sign otherwise.
/// </summary>
internal static class FloatText
{
    /// <summary>Longer than any finite double.</summary>
    public const int MaxLength = 32;

    public static int Format(double value, Span<byte> to)
    {
        // .NET gives the same shortest digits in another layout: take them out, lay them out anew.
        Span<byte> text = stackalloc byte[MaxLength];
        Span<byte> digits = stackalloc byte[MaxLength];
        _ = value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        var count = TakeDigits(text[..length], digits, out var negative, out var pointAt);
        var at = 0;
        if (negative)
            to[at++] = (byte)'-';
        return at + Lay(digits[..count], pointAt, to[at..]);
    }

    /// <summary>The significant digits, and where the point stands: the value is 0.digits times ten to that power.</summary>
    private static int TakeDigits(ReadOnlySpan<byte> text, Span<byte> digits, out bool negative, out int pointAt)
    {
        negative = text[0] == '-';
        if (negative)
            text = text[1..];
        var e = text.IndexOf((byte)'E');
        var exponent = 0;
        if (e >= 0)
        {
            _ = Utf8Parser.TryParse(text[(e + (text[e + 1] == '+' ? 2 : 1))..], out exponent, out _);
            text = text[..e];
        }
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text.Length : point;
        var count = 0;
        var leadingZeros = 0;
        foreach (var c in text)
        {
            if (c == '.')
                continue;
            if (c == '0' && count == 0)
                leadingZeros++;
            else
                digits[count++] = c;
        }
        pointAt = whole - leadingZeros + exponent;
        while (count > 1 && digits[count - 1] == '0')
            count--;
        return count;
    }

    private static int Lay(ReadOnlySpan<byte> digits, int pointAt, Span<byte> to)
    {
        if (digits.IsEmpty)
        {
            "0.0"u8.CopyTo(to);
            return 3;
        }
        if (pointAt is > 0 and <= 16)
            return Plain(digits, pointAt, to);
        if (pointAt is > -5 and <= 0)
        {
            "0."u8.CopyTo(to);
            to.Slice(2, -pointAt).Fill((byte)'0');
            digits.CopyTo(to[(2 - pointAt)..]);
            return 2 - pointAt + digits.Length;
        }
        return Scientific(digits, pointAt - 1, to);
    }

    private static int Plain(ReadOnlySpan<byte> digits, int pointAt, Span<byte> to)
    {
        if (digits.Length > pointAt)
        {
            digits[..pointAt].CopyTo(to);
            to[pointAt] = (byte)'.';
            digits[pointAt..].CopyTo(to[(pointAt + 1)..]);
            return digits.Length + 1;
        }
        digits.CopyTo(to);
        to[digits.Length..pointAt].Fill((byte)'0');
        ".0"u8.CopyTo(to[pointAt..]);
        return pointAt + 2;
    }

    private static int Scientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> to)
    {
        var at = 0;
        to[at++] = digits[0];
        if (digits.Length > 1)
        {
            to[at++] = (byte)'.';
            digits[1..].CopyTo(to[at..]);
            at += digits.Length - 1;
        }
        to[at++] = (byte)'e';
        _ = Utf8Formatter.TryFormat(exponent, to[at..], out var written);
        return at + written;
    }
}

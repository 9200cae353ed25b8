using System.Text;

namespace PhantomSync.Contracts.Wire;

/// <summary>Makes text from a record fit for an error message that is logged, stored and shown.</summary>
internal static class Printable
{
    private const int Longest = 40;

    /// <summary>The beginning of the text, with control characters and half surrogate pairs spelt out.</summary>
    public static string Cut(string text, int longest = Longest)
    {
        var shown = text.AsSpan(0, Math.Min(text.Length, longest));
        var result = new StringBuilder(shown.Length + 1);
        for (var i = 0; i < shown.Length; i++)
        {
            if (char.IsHighSurrogate(shown[i]) && i + 1 < shown.Length && char.IsLowSurrogate(shown[i + 1]))
                result.Append(shown[i]).Append(shown[++i]);
            else if (char.IsControl(shown[i]) || char.IsSurrogate(shown[i]))
                result.Append($"\\u{(int)shown[i]:x4}");
            else
                result.Append(shown[i]);
        }
        return text.Length <= longest ? result.ToString() : result.Append('…').ToString();
    }
}

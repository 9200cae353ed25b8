using System.Text;
using System.Text.Json;
using PhantomSync.Audit.Entries;

namespace PhantomSync.Audit.Search;

/// <summary>
/// Cuts text into words: runs of letters and digits in lower case. It is done here, for both engines, so that they find the
/// same; and what is handed to their query languages holds nothing but words.
/// </summary>
internal static class AuditText
{
    private const int LongestWord = 100, LongestText = 16_384, MostClauses = 16;

    /// <summary>An entry's words, with a space between.</summary>
    public static string Of(AuditEntry entry)
    {
        var text = new StringBuilder(512);
        foreach (var field in new[] { entry.Action, entry.UserId, entry.ResourceType, entry.ResourceId, entry.Result, entry.EventType, entry.SourceService })
            AddWords(text, field);
        if (entry.Details is not null)
        {
            using var details = JsonDocument.Parse(entry.Details);
            AddValue(text, details.RootElement);
        }

        return text.ToString();
    }

    /// <summary>What a user typed, as phrases that must all be there.</summary>
    public static List<TextClause> Clauses(string typed)
    {
        var clauses = new List<TextClause>();
        var rest = typed.AsSpan(0, Math.Min(typed.Length, AuditQuery.LongestText));
        while (!rest.IsEmpty && clauses.Count < MostClauses)
        {
            var quoted = rest[0] == '"';
            if (quoted)
                rest = rest[1..];
            var end = quoted ? rest.IndexOf('"') : rest.IndexOfAny(' ', '\t', '"');
            var part = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(quoted || rest[end] != '"' ? end + 1 : end)..];
            var words = new StringBuilder();
            AddWords(words, part);
            if (words.Length > 0)
                clauses.Add(new TextClause(words.ToString(), !quoted && part.EndsWith("*") && !words.ToString().Contains(' ', StringComparison.Ordinal)));
        }

        return clauses;
    }

    private static void AddValue(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    AddWords(text, member.Name);
                    AddValue(text, member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    AddValue(text, item);
                break;
            case JsonValueKind.String:
                AddWords(text, value.GetString());
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                AddWords(text, value.GetRawText());
                break;
        }
    }

    private static void AddWords(StringBuilder text, ReadOnlySpan<char> from)
    {
        var length = 0;
        foreach (var c in from)
        {
            if (text.Length >= LongestText)
                return;
            if (!char.IsLetterOrDigit(c))
            {
                length = 0;
                continue;
            }

            if (length == 0 && text.Length > 0)
                text.Append(' ');
            if (length++ < LongestWord)
                text.Append(char.ToLowerInvariant(c));
        }
    }
}

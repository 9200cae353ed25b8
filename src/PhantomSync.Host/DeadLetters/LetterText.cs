using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using PhantomSync.EntityFrameworkCore.DeadLetters;

namespace PhantomSync.Host.DeadLetters;

/// <summary>A letter for people. What comes from a record is shown without control characters, so that it cannot steer the terminal.</summary>
internal static class LetterText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Line(string service, DeadLetterSummary letter) =>
        $"{letter.Id}  {service}  {LetterLine.StateOf(letter)}  {Clean(letter.EventType ?? "?")}  {Clean(letter.Key ?? "-")}  {letter.FirstFailedAt:yyyy-MM-dd HH:mm:ss}Z  {Clean(letter.Reason)}";

    public static string Full(string service, DeadLetterContent letter)
    {
        var summary = letter.Summary;
        var text = new StringBuilder()
            .AppendLine($"id             {summary.Id}")
            .AppendLine($"service        {service}{(summary.Source == service ? "" : $" ({summary.Source})")}")
            .AppendLine($"state          {LetterLine.StateOf(summary)}")
            .AppendLine($"record         {summary.Topic}[{summary.Partition?.ToString() ?? "-"}]@{summary.Offset?.ToString() ?? "-"}, key {Clean(summary.Key ?? "none")}")
            .AppendLine($"event          {Clean(summary.EventType ?? "unknown")} {summary.EventId}")
            .AppendLine($"tenant         {Clean(summary.TenantId ?? "unknown")}")
            .AppendLine($"failed         {summary.FirstFailedAt:O}, last {summary.LastFailedAt:O}, attempts {summary.Attempts}")
            .AppendLine($"reason         {Clean(summary.Reason)}")
            .AppendLine()
            .AppendLine("headers");
        foreach (var (name, value) in letter.HeaderTexts)
            text.AppendLine($"  {Clean(name)}: {Clean(value)}");
        text.AppendLine().AppendLine($"body ({letter.Body.Length:N0} bytes)").AppendLine(Body(letter.Body));
        if (letter.Exception is { } exception)
            text.AppendLine().AppendLine("exception").AppendLine(Clean(exception, lines: true));
        return text.ToString();
    }

    private static string Body(byte[] body)
    {
        if (!Utf8.IsValid(body))
            return Convert.ToHexString(body);
        try
        {
            using var document = JsonDocument.Parse(body);
            return Clean(JsonSerializer.Serialize(document.RootElement, Indented), lines: true);
        }
        catch (JsonException)
        {
            return Clean(Encoding.UTF8.GetString(body), lines: true);
        }
    }

    /// <summary>The text without what could steer the terminal.</summary>
    public static string Clean(string text, bool lines = false) =>
        string.Create(text.Length, (text, lines), static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsControl(from.text[i]) && !(from.lines && from.text[i] is '\n' or '\t') ? '\uFFFD' : from.text[i];
        });
}

using System.Text;
using System.Text.Json;

namespace PhantomSync.Audit.Sealing;

/// <summary>The heads off the table: one JSON object per line, only ever appended to.</summary>
internal sealed class HeadsFile(string path)
{
    /// <summary>When this returns the heads are on the disk.</summary>
    public async Task AppendAsync(IReadOnlyList<AuditHead> heads, CancellationToken cancellationToken)
    {
        if (heads.Count == 0)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

        // The line before may be torn; an empty one does no harm.
        var lines = new StringBuilder().Append('\n');
        foreach (var head in heads)
            lines.Append(JsonSerializer.Serialize(head, AuditJson.Default.AuditHead)).Append('\n');
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await file.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellationToken);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Every head with its line number; the torn line of a write that was cut short is passed over.</summary>
    public async IAsyncEnumerable<(int Line, AuditHead Head)> ReadAsync()
    {
        if (!File.Exists(path))
            yield break;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        for (var line = 1; await reader.ReadLineAsync() is { } text; line++)
        {
            if (Parse(text) is { } head)
                yield return (line, head);
        }
    }

    private static AuditHead? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonSerializer.Deserialize(text, AuditJson.Default.AuditHead);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

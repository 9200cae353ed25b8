using System.Text.Json;

namespace PhantomSync.Contracts.Wire;

/// <summary>Says where in a record something stands. Only for error texts: it reads the record again.</summary>
internal static class RecordPath
{
    private const int Longest = 400;

    /// <summary>The path of the last name or element that begins at or before an offset, such as <c>data.items[2].id</c>.</summary>
    public static string At(ReadOnlySpan<byte> utf8, long offset)
    {
        var reader = new Utf8JsonReader(utf8, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = WireJson.MaxDepth + 2 }));
        var levels = new List<Level>();
        try
        {
            while (reader.Read() && reader.TokenStartIndex <= offset)
                Follow(ref reader, levels);
        }
        catch (JsonException)
        {
            // What is behind the fault does not matter; the path so far says where it is.
        }
        return Text(levels);
    }

    private static void Follow(ref Utf8JsonReader reader, List<Level> levels)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                levels[^1] = new Level(NameOf(ref reader), -1);
                return;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                levels.RemoveAt(levels.Count - 1);
                return;
        }
        if (levels.Count > 0 && levels[^1].Name is null)
            levels[^1] = new Level(null, levels[^1].Index + 1);
        if (reader.TokenType == JsonTokenType.StartArray)
            levels.Add(new Level(null, -1));
        else if (reader.TokenType == JsonTokenType.StartObject)
            levels.Add(new Level("", -1));
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in the name itself: show it as it is spelt.
            return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    private static string Text(List<Level> levels)
    {
        var text = string.Concat(levels.Select(l => l.Name is null ? (l.Index < 0 ? "" : $"[{l.Index}]") : l.Name.Length == 0 ? "" : "." + l.Name)).TrimStart('.');
        return Printable.Cut(text, Longest);
    }

    /// <summary>An open object with the member being read, or an open array with the element being read.</summary>
    private readonly record struct Level(string? Name, int Index);
}

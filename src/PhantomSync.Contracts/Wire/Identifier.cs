using System.Buffers;

namespace PhantomSync.Contracts.Wire;

/// <summary>What an id may look like.</summary>
internal static class Identifier
{
    public const int MaxLength = 200;

    public const string Expected = "an id of 1 to 200 characters without control characters and without white space around it";

    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl)]);

    public static bool IsSound(string? id) =>
        id is { Length: > 0 and <= MaxLength }
        && id.AsSpan().IndexOfAny(Controls) < 0
        && !char.IsWhiteSpace(id[0])
        && !char.IsWhiteSpace(id[^1]);

    /// <summary>Refuses an id that breaks the rule.</summary>
    public static WireFormatException? Check(string? id, string field)
    {
        if (IsSound(id))
            return null;
        var found = id is null ? "null" : id.Length > MaxLength ? $"{id.Length} characters" : FoundValue.Text(id);
        return new WireFormatException(WireFormatError.InvalidIdentifier, field, Expected, found);
    }
}

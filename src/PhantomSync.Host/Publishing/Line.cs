namespace PhantomSync.Host.Publishing;

/// <summary>A line of the input, without its end.</summary>
/// <param name="Number">Counts from 1, blank lines too.</param>
/// <param name="Content">Its bytes; null where it is longer than lines may be.</param>
/// <param name="Length">How long it is, in bytes.</param>
internal readonly record struct Line(long Number, byte[]? Content, long Length)
{
    public bool IsBlank => Content is not null && Content.AsSpan().IndexOfAnyExcept(" \t\r"u8) < 0;
}

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>Keys are spread over lanes; a lane is what one relay worker owns at a time.</summary>
internal static class Lanes
{
    /// <summary>Stored with every row: never changes.</summary>
    public const int Count = 64;

    public static readonly short[] All = [.. Enumerable.Range(0, Count).Select(lane => (short)lane)];

    public static short Of(long keyHash) => (short)(keyHash & (Count - 1));
}

using System.Text;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>Header names repeat in every record; a few slots keep them from being decoded again and again.</summary>
internal static class HeaderNames
{
    private static readonly Entry?[] Slots = new Entry?[256];

    public static string Get(ReadOnlySpan<byte> utf8)
    {
        ref var slot = ref Slots[(int)(StableHash.Of(utf8) & 0xFF)];
        var entry = Volatile.Read(ref slot);
        if (entry is not null && utf8.SequenceEqual(entry.Utf8))
            return entry.Name;
        entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        Volatile.Write(ref slot, entry);
        return entry.Name;
    }

    private sealed record Entry(byte[] Utf8, string Name);
}

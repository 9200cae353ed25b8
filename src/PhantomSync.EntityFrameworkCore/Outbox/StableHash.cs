using System.Buffers.Binary;
using System.Text;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>A 64-bit hash that is the same in every process and version: it is stored (MurmurHash64A).</summary>
internal static class StableHash
{
    private const ulong Multiplier = 0xc6a4a7935bd1e995;
    private const int Shift = 47;

    /// <summary>Hashes the pair; (a, bc) and (ab, c) differ.</summary>
    public static long Of(string topic, string key)
    {
        var length = Encoding.UTF8.GetByteCount(topic) + 1 + Encoding.UTF8.GetByteCount(key);
        Span<byte> bytes = length <= 512 ? stackalloc byte[length] : new byte[length];
        var split = Encoding.UTF8.GetBytes(topic, bytes);
        bytes[split] = 0;
        Encoding.UTF8.GetBytes(key, bytes[(split + 1)..]);
        return (long)Of(bytes);
    }

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length * Multiplier;
        while (bytes.Length >= 8)
        {
            var block = BinaryPrimitives.ReadUInt64LittleEndian(bytes) * Multiplier;
            block ^= block >> Shift;
            hash = (hash ^ (block * Multiplier)) * Multiplier;
            bytes = bytes[8..];
        }

        if (bytes.Length > 0)
        {
            var tail = 0UL;
            for (var i = bytes.Length - 1; i >= 0; i--)
                tail = (tail << 8) | bytes[i];
            hash = (hash ^ tail) * Multiplier;
        }

        hash = (hash ^ (hash >> Shift)) * Multiplier;
        return hash ^ (hash >> Shift);
    }
}

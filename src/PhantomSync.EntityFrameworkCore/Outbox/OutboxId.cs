using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>
/// UUIDv7 that grow within the process, also inside one millisecond: EF Core inserts rows of one table in the order of their
/// keys, so the order of publishing is the order of the ids.
/// </summary>
internal static class OutboxId
{
    // Milliseconds since 1970 in the upper 48 bits of 60, a counter in the lower 12 that spills over into them.
    private static long _last;

    public static Guid Next(DateTimeOffset now)
    {
        var clock = now.ToUnixTimeMilliseconds() << 12;
        long seen, next;
        do
        {
            seen = Volatile.Read(ref _last);
            next = Math.Max(clock, seen + 1);
        }
        while (Interlocked.CompareExchange(ref _last, next, seen) != seen);

        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, ((next >> 12) << 16) | 0x7000L | (next & 0xFFF));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>As without it, and greater than an id that another host, whose clock is ahead, may have given.</summary>
    public static Guid Next(DateTimeOffset now, Guid after)
    {
        var next = Next(now);
        if (next > after)
            return next;
        Span<byte> bytes = stackalloc byte[16];
        after.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt128BigEndian(bytes, BinaryPrimitives.ReadUInt128BigEndian(bytes) + 1);
        return new Guid(bytes, bigEndian: true);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>
/// The sixteen bytes under which the inbox remembers an event: a function of tenant and idempotency key alone. Where the key
/// ends in a UUIDv7, as the default <c>source:event_id</c> does, its milliseconds come first and a hash fills the rest, so that
/// new entries stand side by side in the index; otherwise all of it is hash. SHA-256, cut, because a tenant must not be able to
/// choose a key that collides with another's.
/// </summary>
public static class InboxKey
{
    private const int IdLength = 36;

    /// <summary>The key of a tenant's event.</summary>
    public static Guid Of(string tenantId, string idempotencyKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(tenantId, idempotencyKey, hash);
        if (TimeOf(idempotencyKey) is { } milliseconds)
        {
            // 48 bits of time, 80 of hash.
            Span<byte> key = stackalloc byte[16];
            BinaryPrimitives.WriteInt64BigEndian(key, milliseconds << 16);
            hash[..10].CopyTo(key[6..]);
            return new Guid(key, bigEndian: true);
        }

        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>For what has no idempotency key: a record that cannot be read, say.</summary>
    internal static Guid Of(params ReadOnlySpan<byte[]?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, part?.Length ?? -1);
            hash.AppendData(length);
            hash.AppendData(part ?? []);
        }

        return new Guid(hash.GetHashAndReset().AsSpan(0, 16), bigEndian: true);
    }

    private static void Hash(string tenantId, string idempotencyKey, Span<byte> hash)
    {
        var size = Encoding.UTF8.GetByteCount(tenantId) + 1 + Encoding.UTF8.GetByteCount(idempotencyKey);
        Span<byte> text = size <= 512 ? stackalloc byte[size] : new byte[size];
        var split = Encoding.UTF8.GetBytes(tenantId, text);
        text[split] = 0;
        Encoding.UTF8.GetBytes(idempotencyKey, text[(split + 1)..]);
        SHA256.HashData(text, hash);
    }

    private static long? TimeOf(string idempotencyKey)
    {
        if (idempotencyKey.Length < IdLength || !Guid.TryParseExact(idempotencyKey.AsSpan(idempotencyKey.Length - IdLength), "D", out var id) || id.Version != 7)
            return null;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
    }
}

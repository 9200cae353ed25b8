using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>
/// A record's headers as stored: per header the name's length (2 bytes, little-endian), the name, the value's length
/// (4 bytes) and the value, both UTF-8. No headers is no bytes.
/// </summary>
internal static class HeaderCodec
{
    /// <exception cref="ArgumentException">A name is longer than 65,535 bytes.</exception>
    public static byte[] Encode(IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        var length = 0;
        foreach (var (name, value) in headers)
            length += 6 + Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
        if (length == 0)
            return [];
        var bytes = new byte[length];
        var rest = bytes.AsSpan();
        foreach (var (name, value) in headers)
        {
            var size = Encoding.UTF8.GetBytes(name, rest[2..]);
            if (size > ushort.MaxValue)
                throw new ArgumentException($"A header name of {size} bytes is too long; at most {ushort.MaxValue} are allowed.", nameof(headers));
            BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)size);
            rest = rest[(2 + size)..];
            size = Encoding.UTF8.GetBytes(value, rest[4..]);
            BinaryPrimitives.WriteInt32LittleEndian(rest, size);
            rest = rest[(4 + size)..];
        }

        return bytes;
    }

    /// <summary>Headers as they were read from Kafka; their values may be any bytes.</summary>
    public static byte[] FromKafka(Headers? headers)
    {
        if (headers is null || headers.Count == 0)
            return [];
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var header in headers)
        {
            var name = Encoding.UTF8.GetBytes(header.Key);
            var value = header.GetValueBytes() ?? [];
            if (name.Length > ushort.MaxValue)
                continue;
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)name.Length);
            bytes.Write(length[..2]);
            bytes.Write(name);
            BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
            bytes.Write(length);
            bytes.Write(value);
        }

        return bytes.ToArray();
    }

    public static List<KeyValuePair<string, string>> Decode(ReadOnlySpan<byte> bytes)
    {
        var headers = new List<KeyValuePair<string, string>>();
        while (TryNext(ref bytes, out var name, out var value))
            headers.Add(new(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(value)));
        return headers;
    }

    /// <summary>As Kafka's client takes them; null for none.</summary>
    public static Headers? ToKafka(ReadOnlySpan<byte> bytes)
    {
        Headers? headers = null;
        while (TryNext(ref bytes, out var name, out var value))
            (headers ??= []).Add(HeaderNames.Get(name), value.ToArray());
        return headers;
    }

    /// <summary>Takes the first header off <paramref name="bytes"/>; false where there is none.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (bytes.IsEmpty)
            return false;
        var size = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        name = bytes.Slice(2, size);
        bytes = bytes[(2 + size)..];
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        value = bytes.Slice(4, length);
        bytes = bytes[(4 + length)..];
        return true;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PhantomSync.Audit.Sealing;

/// <summary>Bytes to be hashed: every part with its length before it, so that different parts never make the same bytes.</summary>
internal sealed class HashInput
{
    [ThreadStatic]
    private static HashInput? _idle;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    /// <param name="kind">What is hashed; hashes of different kinds never meet.</param>
    public static HashInput Begin(byte kind)
    {
        var input = _idle ?? new HashInput();
        _idle = null;
        input._bytes.ResetWrittenCount();
        input._bytes.Write([kind]);
        return input;
    }

    public HashInput Add(ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(4), bytes.Length);
        _bytes.Advance(4);
        _bytes.Write(bytes);
        return this;
    }

    public HashInput Add(string? text)
    {
        if (text is null)
        {
            BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(4), -1);
            _bytes.Advance(4);
            return this;
        }

        var span = _bytes.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, span[4..]);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        _bytes.Advance(4 + length);
        return this;
    }

    public HashInput Add(long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(8), number);
        _bytes.Advance(8);
        return this;
    }

    public HashInput Add(Guid? id)
    {
        var span = _bytes.GetSpan(17);
        span[0] = id is null ? (byte)0 : (byte)1;
        id.GetValueOrDefault().TryWriteBytes(span[1..], bigEndian: true, out _);
        _bytes.Advance(17);
        return this;
    }

    /// <summary>The SHA-256 of all that was added. The input is not used after it.</summary>
    public byte[] Hash()
    {
        var hash = SHA256.HashData(_bytes.WrittenSpan);
        _idle = this;
        return hash;
    }
}

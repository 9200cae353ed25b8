using System.Buffers.Binary;
using System.Text.Json;

namespace PhantomSync.Contracts.Wire;

/// <summary>
/// Hashes what a record says while it is being scanned: an object is the sum of its members, so their order does not count; an
/// array is a chain; <c>data.sync_metadata</c> adds nothing. One per thread, reused.
/// </summary>
internal sealed class ContentHasher
{
    private const ulong First = 0x9E3779B97F4A7C15, Second = 0xD6E8FEB86659FD93;
    private const ulong OfObject = 0xA0761D6478BD642F, OfArray = 0xE7037ED1A0B428DB, OfText = 0x8EBC6AF09C88C6E3, OfNumber = 0x589965CC75374CC3, OfWord = 0x1D8E4E27C47D124F;

    [ThreadStatic]
    private static ContentHasher? _spare;

    private readonly ulong[] _names = new ulong[WireJson.MaxDepth + 2];
    private readonly ulong[] _values = new ulong[WireJson.MaxDepth + 2];
    private readonly bool[] _isObject = new bool[WireJson.MaxDepth + 2];
    private bool _ignoring;

    /// <summary>The hash, once the record's last token has been taken.</summary>
    public ulong Result => _values[0];

    public static ContentHasher Rent()
    {
        var hasher = _spare ?? new ContentHasher();
        _spare = null;
        hasher._ignoring = false;
        hasher._isObject[0] = false;
        hasher._values[0] = 0;
        return hasher;
    }

    public void Return() => _spare = this;

    /// <summary>A hash of bytes that are no record.</summary>
    public static ulong OfBytes(ReadOnlySpan<byte> bytes) => Hash(bytes, First);

    /// <summary>Takes the token that the reader stands on.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="inData">Whether the token belongs to the record's <c>data</c>.</param>
    public void Take(ref Utf8JsonReader reader, bool inData)
    {
        var depth = reader.CurrentDepth;
        if (_ignoring)
        {
            // Until the next member of data, or its end.
            if (depth > 2 || (depth == 2 && reader.TokenType != JsonTokenType.PropertyName))
                return;
            _ignoring = false;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _ignoring = depth == 2 && inData && reader.ValueTextEquals("sync_metadata"u8);
                if (!_ignoring)
                    _names[depth] = HashOf(ref reader, Second);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                _isObject[depth + 1] = reader.TokenType == JsonTokenType.StartObject;
                _values[depth + 1] = 0;
                break;
            case JsonTokenType.EndObject:
                Add(depth, Mix(_values[depth + 1] ^ OfObject, First));
                break;
            case JsonTokenType.EndArray:
                Add(depth, Mix(_values[depth + 1] ^ OfArray, First));
                break;
            case JsonTokenType.String:
                Add(depth, HashOf(ref reader, OfText));
                break;
            case JsonTokenType.Number:
                Add(depth, Hash(reader.ValueSpan, OfNumber));
                break;
            default:
                Add(depth, Hash(reader.ValueSpan, OfWord));
                break;
        }
    }

    private void Add(int depth, ulong value)
    {
        if (_isObject[depth])
            _values[depth] += Mix(value ^ First, _names[depth] ^ Second);
        else
            _values[depth] = Mix(_values[depth] + value, Second) + First;
    }

    private static ulong HashOf(ref Utf8JsonReader reader, ulong seed)
    {
        if (!reader.ValueIsEscaped)
            return Hash(reader.ValueSpan, seed);
        var length = reader.ValueSpan.Length;
        var text = length <= 256 ? stackalloc byte[256] : new byte[length];
        return Hash(text[..reader.CopyString(text)], seed);
    }

    private static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var hash = seed ^ (ulong)bytes.Length;
        while (bytes.Length > 16)
        {
            hash = Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ First, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ hash);
            bytes = bytes[16..];
        }

        var (low, high) = bytes.Length > 8
            ? (BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[^8..]))
            : (MemberNames.UpToEight(bytes), 0UL);
        return Mix(Mix(low ^ First, high ^ hash) ^ seed, Second);
    }

    /// <summary>Both halves of the product, folded.</summary>
    private static ulong Mix(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}

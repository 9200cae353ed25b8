using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

namespace PhantomSync.Contracts.Wire;

/// <summary>
/// Turns a record, in one pass, into bytes that are the same for every spelling of it, and hashes them.
/// Each value is a letter for its kind, its length and its content; members of an object are sorted as
/// bytes when the object closes. One per thread, reused.
/// </summary>
internal sealed class CanonicalForm : IDisposable
{
    private const int Largest = 256 * 1024;

    [ThreadStatic]
    private static CanonicalForm? _spare;

    private readonly List<Range> _members = [];
    private byte[] _bytes = new byte[1024];
    private byte[] _sorted = new byte[1024];
    private int _length;

    public static CanonicalForm Rent()
    {
        var form = _spare ?? new CanonicalForm();
        _spare = null;
        return form;
    }

    public void Dispose()
    {
        if (_bytes.Length <= Largest)
            _spare = this;
    }

    public UInt128 Of(ReadOnlySpan<byte> utf8)
    {
        _length = 0;
        _members.Clear();
        return TryAppend(utf8) ? Hash(_bytes.AsSpan(0, _length)) : Hash(utf8);
    }

    private static UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private bool TryAppend(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = WireJson.MaxDepth + 2 });
            reader.Read();
            Value(ref reader, Place.Record);
            return !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is not Unicode: the bytes stand for themselves.
            return false;
        }
    }

    private void Value(ref Utf8JsonReader reader, Place place)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Object(ref reader, place);
                break;
            case JsonTokenType.StartArray:
                Mark('[');
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    Value(ref reader, Place.Deeper);
                Mark(']');
                break;
            case JsonTokenType.String:
                Text('s', ref reader);
                break;
            default:
                Mark('v');
                Raw(reader.ValueSpan);
                break;
        }
    }

    private void Object(ref Utf8JsonReader reader, Place place)
    {
        Mark('{');
        var first = _members.Count;
        var start = _length;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (place == Place.Data && reader.ValueTextEquals("sync_metadata"u8))
            {
                reader.Skip();
                continue;
            }
            var below = place == Place.Record && reader.ValueTextEquals("data"u8) ? Place.Data : Place.Deeper;
            var begin = _length;
            Text('k', ref reader);
            reader.Read();
            Value(ref reader, below);
            _members.Add(begin.._length);
        }
        Sort(first, start);
        Mark('}');
    }

    private void Sort(int first, int start)
    {
        var members = CollectionsMarshal.AsSpan(_members)[first..];
        if (!IsSorted(members))
        {
            if (_sorted.Length < _bytes.Length)
                _sorted = new byte[_bytes.Length];
            members.Sort(Compare);
            var at = 0;
            foreach (var member in members)
            {
                var bytes = _bytes.AsSpan(member);
                bytes.CopyTo(_sorted.AsSpan(at));
                at += bytes.Length;
            }
            _sorted.AsSpan(0, at).CopyTo(_bytes.AsSpan(start));
        }
        _members.RemoveRange(first, _members.Count - first);
    }

    private bool IsSorted(ReadOnlySpan<Range> members)
    {
        for (var i = 1; i < members.Length; i++)
        {
            if (Compare(members[i - 1], members[i]) > 0)
                return false;
        }
        return true;
    }

    private int Compare(Range left, Range right) => _bytes.AsSpan(left).SequenceCompareTo(_bytes.AsSpan(right));

    private void Text(char kind, ref Utf8JsonReader reader)
    {
        Mark(kind);
        if (!reader.ValueIsEscaped)
        {
            // The bytes are copied as they are; only here could something that is not UTF-8 get through.
            if (!Utf8.IsValid(reader.ValueSpan))
                throw new InvalidOperationException("Not UTF-8.");
            Raw(reader.ValueSpan);
            return;
        }
        Room(reader.ValueSpan.Length + 4);
        var length = reader.CopyString(_bytes.AsSpan(_length + 4));
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_length), length);
        _length += 4 + length;
    }

    private void Raw(ReadOnlySpan<byte> content)
    {
        Room(content.Length + 4);
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_length), content.Length);
        content.CopyTo(_bytes.AsSpan(_length + 4));
        _length += 4 + content.Length;
    }

    private void Mark(char kind)
    {
        Room(1);
        _bytes[_length++] = (byte)kind;
    }

    private void Room(int more)
    {
        if (_length + more > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }

    /// <summary>How deep: only the direct members of <c>data</c> can be the metadata.</summary>
    private enum Place
    {
        Record,
        Data,
        Deeper,
    }
}

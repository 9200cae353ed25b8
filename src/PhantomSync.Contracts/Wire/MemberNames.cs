using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace PhantomSync.Contracts.Wire;

/// <summary>The member names of the objects that are open, to find those that occur twice. One per thread, reused.</summary>
internal sealed class MemberNames
{
    private const int Small = 64;

    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) | 1;

    [ThreadStatic]
    private static MemberNames? _spare;

    private readonly int[] _frames = new int[WireJson.MaxDepth + 2];
    private readonly HashSet<ulong>?[] _large = new HashSet<ulong>?[WireJson.MaxDepth + 2];
    private ulong[] _hashes = new ulong[Small];
    private int[] _starts = new int[Small];
    private int _count;

    public static MemberNames Rent()
    {
        var names = _spare ?? new MemberNames();
        _spare = null;
        names._count = 0;
        return names;
    }

    public void Return()
    {
        Array.Clear(_large);
        if (_hashes.Length <= 4096)
            _spare = this;
    }

    /// <summary>An object opens at that depth.</summary>
    public void Enter(int depth) => _frames[depth] = _count;

    /// <summary>The object at that depth closes.</summary>
    public void Leave(int depth)
    {
        _count = _frames[depth];
        _large[depth] = null;
    }

    /// <summary>Adds the name the reader stands on; false if the object at that depth has it already.</summary>
    public bool Add(int depth, ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        var hash = HashOf(ref reader);
        if (MayHave(depth, hash) && IsAmong(depth, hash, utf8, (int)reader.TokenStartIndex))
            return false;
        if (_count == _hashes.Length)
        {
            Array.Resize(ref _hashes, _count * 2);
            Array.Resize(ref _starts, _count * 2);
        }
        _hashes[_count] = hash;
        _starts[_count++] = (int)reader.TokenStartIndex;
        _large[depth]?.Add(hash);
        return true;
    }

    private bool MayHave(int depth, ulong hash)
    {
        var names = _hashes.AsSpan(_frames[depth].._count);
        if (names.Length < Small)
            return names.Contains(hash);
        return (_large[depth] ??= [.. names]).Contains(hash);
    }

    /// <summary>Equal hashes are not yet equal names.</summary>
    private bool IsAmong(int depth, ulong hash, ReadOnlySpan<byte> utf8, int start)
    {
        var name = NameAt(utf8, start);
        for (var i = _frames[depth]; i < _count; i++)
        {
            if (_hashes[i] == hash && NameAt(utf8, _starts[i]) == name)
                return true;
        }
        return false;
    }

    private static string NameAt(ReadOnlySpan<byte> utf8, int start)
    {
        var reader = new Utf8JsonReader(utf8[start..], isFinalBlock: false, default);
        reader.Read();
        return reader.GetString()!;
    }

    private static ulong HashOf(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Hash(reader.ValueSpan);
        var length = reader.ValueSpan.Length;
        var name = length <= 256 ? stackalloc byte[256] : new byte[length];
        return Hash(name[..reader.CopyString(name)]);
    }

    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = Seed ^ (ulong)name.Length;
        while (name.Length > 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(name));
            name = name[8..];
        }
        return Mix(hash ^ UpToEight(name));
    }

    /// <summary>Up to eight bytes as a number; with the length, which is hashed too, no two names share it.</summary>
    public static ulong UpToEight(ReadOnlySpan<byte> rest) => rest.Length switch
    {
        0 => 0,
        8 => BinaryPrimitives.ReadUInt64LittleEndian(rest),
        >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(rest) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(rest[^4..]) << 32),
        _ => rest[0] | ((ulong)rest[rest.Length / 2] << 8) | ((ulong)rest[^1] << 16),
    };

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0x9E3779B97F4A7C15, out var low);
        return high ^ low;
    }
}

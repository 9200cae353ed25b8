using System.Data.Common;
using Confluent.Kafka;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>
/// Reads the headers of stored records, one record after the other. A header that says what it said in the record before is that
/// same object: most of a batch has one tenant, type and content type.
/// </summary>
internal sealed class HeaderReader
{
    private readonly List<Header> _before = [];
    private byte[] _bytes = new byte[512];

    /// <returns>The headers, null for none, and how many bytes they take in the column.</returns>
    public (Headers? Headers, int Bytes) Read(DbDataReader reader, int column)
    {
        var length = (int)reader.GetBytes(column, 0, null, 0, 0);
        if (length == 0)
            return (null, 0);
        if (_bytes.Length < length)
            _bytes = new byte[Math.Max(length, 2 * _bytes.Length)];
        reader.GetBytes(column, 0, _bytes, 0, length);
        ReadOnlySpan<byte> rest = _bytes.AsSpan(0, length);
        var headers = new Headers();
        for (var i = 0; HeaderCodec.TryNext(ref rest, out var name, out var value); i++)
        {
            var header = At(i, HeaderNames.Get(name), value);
            headers.Add(header);
        }

        return (headers, length);
    }

    private Header At(int index, string name, ReadOnlySpan<byte> value)
    {
        if (index == _before.Count)
            _before.Add(new Header(name, value.ToArray()));
        else if (_before[index] is var before && (before.Key != name || !value.SequenceEqual(before.GetValueBytes())))
            _before[index] = new Header(name, value.ToArray());
        return _before[index];
    }
}

using System.Buffers;
using System.IO.Pipelines;

namespace PhantomSync.Host.Publishing;

/// <summary>
/// Reads lines as bytes, without holding more of the input than a buffer and one line. Of a line that is longer than the limit
/// only the length is kept.
/// </summary>
internal sealed class LineReader(Stream input, int limit) : IAsyncDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly PipeReader _reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BufferSize));
    private ReadOnlySequence<byte> _buffer;
    private bool _begun;
    private bool _ended;
    private long _number;
    private long _skipped;

    /// <summary>The next line of what has been read; false where more must be read first.</summary>
    public bool TryNext(out Line line)
    {
        if (_buffer.PositionOf((byte)'\n') is { } end)
        {
            line = Take(_buffer.Slice(0, end));
            _buffer = _buffer.Slice(_buffer.GetPosition(1, end));
            return true;
        }

        if (_buffer.Length > limit + 1)
        {
            _skipped += _buffer.Length;
            _buffer = _buffer.Slice(_buffer.End);
        }

        if (_ended && _buffer.Length + _skipped > 0)
        {
            line = Take(_buffer);
            _buffer = default;
            return true;
        }

        line = default;
        return false;
    }

    /// <summary>Reads on; false at the end of the input.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_ended)
            return false;
        if (_begun)
            _reader.AdvanceTo(_buffer.Start, _buffer.End);
        var result = await _reader.ReadAsync(cancellationToken);
        _begun = true;
        _buffer = result.Buffer;
        _ended = result.IsCompleted;
        return true;
    }

    public ValueTask DisposeAsync() => _reader.CompleteAsync();

    private Line Take(ReadOnlySequence<byte> bytes)
    {
        var length = bytes.Length + _skipped;
        _skipped = 0;
        _number++;
        if (length > limit + 1)
            return new Line(_number, null, length);
        var content = bytes.ToArray();
        var start = _number == 1 && content.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        var end = content.AsSpan().EndsWith("\r"u8) ? content.Length - 1 : content.Length;
        content = content[start..end];
        return content.Length > limit ? new Line(_number, null, content.Length) : new Line(_number, content, content.Length);
    }
}

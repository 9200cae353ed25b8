using System.Runtime.InteropServices;
using System.Text;

namespace PhantomSync.Tests.Analytics.ClickHouse;

/// <summary>ClickHouse's engine in this process (chDB). One query at a time.</summary>
internal sealed unsafe class ChdbEngine : IDisposable
{
    private readonly Lock _lock = new();
    private readonly nint* _connection;
    private readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, nuint, nint> _query;
    private readonly delegate* unmanaged<nint, byte*> _buffer;
    private readonly delegate* unmanaged<nint, nuint> _length;
    private readonly delegate* unmanaged<nint, nint> _error;
    private readonly delegate* unmanaged<nint, void> _destroy;
    private readonly delegate* unmanaged<nint*, void> _close;

    public ChdbEngine(string library, string directory)
    {
        using var handlers = new SignalHandlers();
        var handle = NativeLibrary.Load(library);
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(handle, "chdb_set_signal_handlers_enabled"))(0);
        _query = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, nuint, nint>)NativeLibrary.GetExport(handle, "chdb_query_with_params_n");
        _buffer = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(handle, "chdb_result_buffer");
        _length = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(handle, "chdb_result_length");
        _error = (delegate* unmanaged<nint, nint>)NativeLibrary.GetExport(handle, "chdb_result_error");
        _destroy = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(handle, "chdb_destroy_query_result");
        _close = (delegate* unmanaged<nint*, void>)NativeLibrary.GetExport(handle, "chdb_close_conn");
        var arguments = stackalloc nint[] { Marshal.StringToCoTaskMemUTF8("clickhouse"), Marshal.StringToCoTaskMemUTF8($"--path={directory}") };
        _connection = ((delegate* unmanaged<int, nint*, nint*>)NativeLibrary.GetExport(handle, "chdb_connect"))(2, arguments);
        if (_connection is null)
            throw new InvalidOperationException($"{library} does not open {directory}.");
    }

    /// <summary>Runs the statements one after the other and returns what the last one gives.</summary>
    /// <exception cref="ChdbException">The engine refuses one of them.</exception>
    public byte[] Run(IEnumerable<string> before, string sql, string format, IReadOnlyDictionary<string, string> parameters)
    {
        lock (_lock)
        {
            foreach (var statement in before)
                Run(statement, format, new Dictionary<string, string>());
            return Run(sql, format, parameters);
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _close(_connection);
    }

    private byte[] Run(string sql, string format, IReadOnlyDictionary<string, string> parameters)
    {
        using var query = new Utf8(sql);
        using var output = new Utf8(format);
        var names = parameters.Keys.Select(name => new Utf8(name)).ToArray();
        var values = parameters.Values.Select(value => new Utf8(value)).ToArray();
        var count = parameters.Count;
        byte** namePointers = stackalloc byte*[count + 1], valuePointers = stackalloc byte*[count + 1];
        nuint* nameLengths = stackalloc nuint[count + 1], valueLengths = stackalloc nuint[count + 1];
        for (var i = 0; i < count; i++)
        {
            namePointers[i] = names[i].Start;
            nameLengths[i] = names[i].Length;
            valuePointers[i] = values[i].Start;
            valueLengths[i] = values[i].Length;
        }

        var result = _query(*_connection, query.Start, query.Length, output.Start, output.Length, namePointers, nameLengths, valuePointers, valueLengths, (nuint)count);
        try
        {
            if (_error(result) is var error && error != 0)
                throw new ChdbException(Marshal.PtrToStringUTF8(error)!);
            return _length(result) == 0 ? [] : new Span<byte>(_buffer(result), (int)_length(result)).ToArray();
        }
        finally
        {
            _destroy(result);
            foreach (var text in names.Concat(values))
                text.Dispose();
        }
    }

    private sealed class Utf8 : IDisposable
    {
        private GCHandle _handle;

        public Utf8(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text + '\0');
            Length = (nuint)bytes.Length - 1;
            _handle = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        }

        public byte* Start => (byte*)_handle.AddrOfPinnedObject();

        public nuint Length { get; }

        public void Dispose() => _handle.Free();
    }
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PhantomSync.Contracts.Wire;

/// <summary>Writes records into a buffer of its own. One per thread, reused.</summary>
internal sealed class RecordWriter : IDisposable
{
    private const int Initial = 1024, Largest = 256 * 1024;

    private static readonly JsonEncodedText EventType = JsonEncodedText.Encode("event_type");
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");

    [ThreadStatic]
    private static RecordWriter? _spare;

    private readonly ArrayBufferWriter<byte> _buffer = new(Initial);
    private readonly Utf8JsonWriter _json;

    private RecordWriter() => _json = new Utf8JsonWriter(_buffer, WireJson.Writer);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public static RecordWriter Rent()
    {
        var writer = _spare ?? new RecordWriter();
        _spare = null;
        return writer;
    }

    /// <summary>Gives the writer back to its thread.</summary>
    public void Dispose()
    {
        if (_buffer.Capacity > Largest)
        {
            _json.Dispose();
            return;
        }
        _buffer.ResetWrittenCount();
        _json.Reset();
        _spare = this;
    }

    public void Write(JsonEncodedText eventType, ISyncEvent e, JsonTypeInfo type)
    {
        _json.WriteStartObject();
        _json.WriteString(EventType, eventType);
        _json.WritePropertyName(Data);
        JsonSerializer.Serialize(_json, e, type);
        _json.WriteEndObject();
        _json.Flush();
    }
}

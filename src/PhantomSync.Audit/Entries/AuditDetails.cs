using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Audit.Entries;

/// <summary>Writes the details of an entry: a JSON object that any store takes.</summary>
internal sealed class AuditDetails
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _idle;

    private readonly Utf8JsonWriter _json;

    private AuditDetails(Utf8JsonWriter json) => _json = json;

    /// <param name="state">What <paramref name="write"/> needs, so that it captures nothing.</param>
    public static string Of<T>(T state, Action<AuditDetails, T> write)
    {
        var buffer = _idle ?? new ArrayBufferWriter<byte>(512);
        _idle = null;
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(new AuditDetails(json), state);
            json.WriteEndObject();
        }

        _idle = buffer;
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public AuditDetails Add(string name, string value)
    {
        _json.WriteString(name, value);
        return this;
    }

    public AuditDetails Add(string name, ulong value)
    {
        _json.WriteNumber(name, value);
        return this;
    }

    public AuditDetails Add(string name, double value)
    {
        if (double.IsFinite(value))
            _json.WriteNumber(name, value);
        else
            _json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    public AuditDetails Add(string name, Action<AuditDetails> members)
    {
        _json.WriteStartObject(name);
        members(this);
        _json.WriteEndObject();
        return this;
    }

    public AuditDetails AddNames(string name, IEnumerable<string> names)
    {
        _json.WriteStartArray(name);
        foreach (var one in names.Order(StringComparer.Ordinal))
            _json.WriteStringValue(one);
        _json.WriteEndArray();
        return this;
    }

    public AuditDetails AddValues(string name, IReadOnlyDictionary<string, JsonElement> values) => Add(name, members =>
    {
        foreach (var (key, value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            members._json.WritePropertyName(key);
            value.WriteTo(members._json);
        }
    });

    public AuditDetails AddNumbers(string name, IReadOnlyDictionary<string, double> values) => Add(name, members =>
    {
        foreach (var (key, value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            members.Add(key, value);
    });

    public AuditDetails Add(string name, ResourceAllocation resources) => Add(name, members =>
    {
        members.AddKnown("cpu_cores", resources.CpuCores).AddKnown("memory_bytes", resources.MemoryBytes);
        members.AddKnown("gpu_type", resources.GpuType).AddKnown("gpu_count", resources.GpuCount);
        members.AddKnown("storage_bytes", resources.StorageBytes).AddKnown("priority", resources.Priority).AddKnown("node_pool", resources.NodePool);
    });

    public AuditDetails Add(string name, ResourceQuotas quotas) => Add(name, members =>
    {
        members.AddKnown("max_models", quotas.MaxModels).AddKnown("max_concurrent_jobs", quotas.MaxConcurrentJobs);
        members.AddKnown("max_gpu_hours", quotas.MaxGpuHours).AddKnown("max_storage_bytes", quotas.MaxStorageBytes);
        members.AddKnown("max_inferences_per_second", quotas.MaxInferencesPerSecond).AddKnown("max_events_per_second", quotas.MaxEventsPerSecond);
        members.AddKnown("retention_days", quotas.RetentionDays);
    });

    private AuditDetails AddKnown(string name, double? value) => value is { } known ? Add(name, known) : this;

    private AuditDetails AddKnown(string name, ulong? value) => value is { } known ? Add(name, known) : this;

    private AuditDetails AddKnown(string name, string? value) => value is { } known ? Add(name, known) : this;

    private AuditDetails AddKnown(string name, Quota? value) => value switch
    {
        null => this,
        { IsUnlimited: true } => Add(name, "unlimited"),
        { Limit: var limit } => Add(name, limit),
    };
}

using System.Buffers;
using System.Text.Json;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Search;
using PhantomSync.Contracts;

namespace PhantomSync.Audit.Indexing;

/// <summary>An entry as a document: the template's mappings, writing and reading.</summary>
internal static class ElasticsearchDocument
{
    /// <summary>
    /// Every field is named: <c>strict</c> refuses others. Details are kept and not mapped, so that no tenant can make the number
    /// of fields grow; their words are in <c>text</c>. The long beside the date sorts to the microsecond.
    /// </summary>
    public static byte[] Template(string prefix) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["index_patterns"] = new[] { prefix + "-*" },
        ["priority"] = 500,
        ["template"] = new Dictionary<string, object>
        {
            ["settings"] = new Dictionary<string, object>
            {
                ["index"] = new Dictionary<string, object>
                {
                    ["number_of_shards"] = 1,
                    ["auto_expand_replicas"] = "0-1",
                    ["refresh_interval"] = "5s",
                    ["codec"] = "best_compression",
                },
            },
            ["mappings"] = new Dictionary<string, object>
            {
                ["dynamic"] = "strict",
                ["properties"] = new Dictionary<string, object>
                {
                    ["id"] = Keyword,
                    ["tenant_id"] = Keyword,
                    ["event_id"] = Keyword,
                    ["event_type"] = Keyword,
                    ["timestamp"] = new { type = "date", format = "strict_date_optional_time_nanos" },
                    ["timestamp_us"] = new { type = "long" },
                    ["user_id"] = Keyword,
                    ["action"] = Keyword,
                    ["resource_type"] = Keyword,
                    ["resource_id"] = Keyword,
                    ["result"] = Keyword,
                    ["details"] = new { type = "object", enabled = false },
                    ["source_service"] = Keyword,
                    ["correlation_id"] = Keyword,
                    ["causation_id"] = Keyword,
                    ["text"] = new { type = "text", analyzer = "whitespace", norms = false },
                },
            },
        },
    });

    // Below Lucene's limit of 32,766 bytes in whatever script.
    private static object Keyword => new { type = "keyword", ignore_above = 8191 };

    public static void Write(IBufferWriter<byte> to, AuditEntry entry)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteString("id", entry.Id);
        json.WriteString("tenant_id", entry.TenantId);
        json.WriteString("event_id", entry.EventId);
        json.WriteString("event_type", entry.EventType);
        json.WriteString("timestamp", entry.Timestamp.ToString());
        json.WriteNumber("timestamp_us", entry.Timestamp.UnixMicroseconds);
        json.WriteString("user_id", entry.UserId);
        json.WriteString("action", entry.Action);
        json.WriteString("resource_type", entry.ResourceType);
        json.WriteString("resource_id", entry.ResourceId);
        json.WriteString("result", entry.Result);
        if (entry.Details is not null)
        {
            json.WritePropertyName("details");
            json.WriteRawValue(entry.Details);
        }

        json.WriteString("source_service", entry.SourceService);
        if (entry.CorrelationId is { } correlation)
            json.WriteString("correlation_id", correlation);
        if (entry.CausationId is { } causation)
            json.WriteString("causation_id", causation);
        json.WriteString("text", AuditText.Of(entry));
        json.WriteEndObject();
    }

    public static AuditEntry Read(JsonElement source) => new()
    {
        Id = source.GetProperty("id").GetGuid(),
        TenantId = source.GetProperty("tenant_id").GetString()!,
        EventId = source.GetProperty("event_id").GetGuid(),
        EventType = source.GetProperty("event_type").GetString()!,
        Timestamp = Timestamp.FromUnixMicroseconds(source.GetProperty("timestamp_us").GetInt64()),
        UserId = source.GetProperty("user_id").GetString()!,
        Action = source.GetProperty("action").GetString()!,
        ResourceType = source.GetProperty("resource_type").GetString()!,
        ResourceId = source.GetProperty("resource_id").GetString()!,
        Result = source.GetProperty("result").GetString()!,
        Details = source.TryGetProperty("details", out var details) && details.ValueKind != JsonValueKind.Null ? details.GetRawText() : null,
        SourceService = source.GetProperty("source_service").GetString()!,
        CorrelationId = Id(source, "correlation_id"),
        CausationId = Id(source, "causation_id"),
    };

    private static Guid? Id(JsonElement source, string name) =>
        source.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.String ? id.GetGuid() : null;
}
